"""What the words of Camunda 7, Activiti and Flowable become here."""

from __future__ import annotations

from xiangyun.kernel.findings import Text

SPACES = {
    "http://camunda.org/schema/1.0/bpmn": "Camunda 7",
    "http://activiti.org/bpmn": "Activiti",
    "http://flowable.org/bpmn": "Flowable",
    "http://www.jboss.org/drools": "jBPM",
    "http://www.bpsim.org/schemas/1.0": "BPSim",
}
"""Namespaces whose words mean something to an engine that is not this one."""

DONE: dict[str, Text] = {
    "candidateGroups": Text(
        "zeebe:assignmentDefinition 的 candidateGroups（角色）",
        "candidateGroups of zeebe:assignmentDefinition, a role",
    ),
    "applicant": Text("角色 applicant：由发起人办", "the role applicant: who began it does it"),
    "dueDate": Text("zeebe:taskSchedule 的 dueDate", "dueDate of zeebe:taskSchedule"),
    "formKey": Text("zeebe:formDefinition 的 formKey", "formKey of zeebe:formDefinition"),
    "formRef": Text("zeebe:formDefinition 的 formId", "formId of zeebe:formDefinition"),
    "type": Text(
        "zeebe:taskDefinition 的 type，须是这里有的服务任务",
        "type of zeebe:taskDefinition, which must name a kind of service task here",
    ),
    "decisionRef": Text(
        "zeebe:calledDecision 的 decisionId",
        "decisionId of zeebe:calledDecision",
    ),
    "resultVariable": Text(
        "zeebe: 元素的 resultVariable",
        "resultVariable of the zeebe: element",
    ),
    "calledElement": Text(
        "zeebe:calledElement 的 processId",
        "processId of zeebe:calledElement",
    ),
    "conditionExpression": Text("以 = 开头的 FEEL 表达式", "a FEEL formula beginning with ="),
    "timer": Text("以 = 开头的 FEEL 表达式", "a FEEL formula beginning with ="),
    "collection": Text(
        "zeebe:loopCharacteristics 的 inputCollection",
        "inputCollection of zeebe:loopCharacteristics",
    ),
    "elementVariable": Text(
        "zeebe:loopCharacteristics 的 inputElement",
        "inputElement of zeebe:loopCharacteristics",
    ),
    "ioMapping": Text(
        "zeebe:ioMapping 的 input 和 output",
        "input and output of zeebe:ioMapping",
    ),
    "script": Text("zeebe:script 的 expression", "expression of zeebe:script"),
    "properties": Text("zeebe:properties", "zeebe:properties"),
    "taskHeaders": Text("zeebe:taskHeaders", "zeebe:taskHeaders"),
}
"""What convert writes, by what it becomes."""

LEFT: dict[str, Text] = {
    "resultVariable": Text(
        "用 zeebe:ioMapping 的 output 取结果",
        "take the result by an output of zeebe:ioMapping",
    ),
    "inputOutput": Text(
        "用 FEEL 写 zeebe:ioMapping",
        "write a zeebe:ioMapping in FEEL",
    ),
    "field": Text(
        "固定的字写进 zeebe:taskHeaders，变量用 zeebe:ioMapping 传入",
        "fixed words are zeebe:taskHeaders, variables go in by zeebe:ioMapping",
    ),
    "rules": Text(
        "写 rules.dmn 里的一个决策（zeebe:calledDecision）",
        "name a decision of rules.dmn (zeebe:calledDecision)",
    ),
    "dmn": Text(
        "改成业务规则任务，写 zeebe:calledDecision",
        "make it a business rule task with a zeebe:calledDecision",
    ),
    "assignee": Text(
        "任务交给角色：写 candidateGroups",
        "tasks go to a role: write candidateGroups",
    ),
    "candidateUsers": Text(
        "任务交给角色，不点名：写 candidateGroups",
        "tasks go to a role, not to named people: write candidateGroups",
    ),
    "class": Text(
        "代码不在图里：写一种服务任务的 type",
        "code is not in a drawing: write the type of a kind of service task",
    ),
    "expression": Text(
        "写成 FEEL 脚本任务，或一种服务任务",
        "write a script task in FEEL, or a kind of service task",
    ),
    "script": Text(
        "用 FEEL 重写（zeebe:script）",
        "write it anew in FEEL (zeebe:script)",
    ),
    "listener": Text(
        "要发生的事画成一个任务或事件",
        "draw what shall happen as a task or an event",
    ),
    "formFields": Text(
        "问题写在 form.json 里",
        "write the questions in form.json",
    ),
    "juel": Text(
        "用 FEEL 重写",
        "write it anew in FEEL",
    ),
    "language": Text(
        "用 FEEL 重写；这里只执行 FEEL",
        "write it anew in FEEL, the only language run",
    ),
    "variables": Text(
        "逐个写出传入、传出的变量",
        "name the variables that go in and out one by one",
    ),
    "mapDecisionResult": Text(
        "取结果的哪一部分写在后面的表达式里",
        "take the part of the result in a later formula",
    ),
    "version": Text(
        "删去：同一事项的文件总在一起",
        "remove it: files of a service stay together",
    ),
    "connector": Text(
        "写一种服务任务的 type",
        "write the type of a kind of service task",
    ),
    "": Text(
        "这里没有对应的写法",
        "has no counterpart here",
    ),
}
"""What a person has to do, by the word or its kind."""

KIND_OF_LEFT: dict[str, str] = {
    word: kind
    for kind, words in {
        "class": ("class", "delegateExpression"),
        "listener": ("executionListener", "taskListener"),
        "formFields": (
            "formData",
            "formProperty",
            "formHandlerClass",
            "formField",
            "formKey",
            "formRef",
        ),
        "connector": ("caseRef", "caseDefinitionKey", "connector", "topic"),
        "rules": ("rules", "ruleVariablesInput", "exclude"),
        "version": (
            *("calledElementBinding", "calledElementVersion", "calledElementVersionTag"),
            *("decisionRefBinding", "decisionRefVersion", "decisionRefVersionTag"),
            *("calledElementTenantId", "decisionRefTenantId", "businessKey"),
        ),
    }.items()
    for word in words
}

NEEDLESS = frozenset(
    (
        *("asyncBefore", "asyncAfter", "async", "asynchronous", "exclusive", "jobPriority"),
        *("historyTimeToLive", "isStartableInTasklist", "versionTag", "taskPriority", "retries"),
        *("candidateStarterGroups", "candidateStarterUsers", "priority", "failedJobRetryTimeCycle"),
        *("diagramRelationId", "modelerTemplate", "modelerTemplateVersion", "errorMessage"),
        *(
            "userType",
            "dataType",
            "text",
            "followUpDate",
            "category",
            "potentialStarter",
            "businessCalendarName",
            "initiator",
        ),
        *("formFieldValidation", "validateFormFields", "packageName", "resource", "adHoc"),
        *("useLocalScopeForResultVariable", "storeResultVariableAsTransient"),
        *(
            "autoStoreVariables",
            "eagerExecutionFetching",
            "isEagerExecutionFetching",
            "exclusiveAsync",
        ),
    )
)
"""Settings of those engines that this one needs not: every step is durable, kept and retried."""
