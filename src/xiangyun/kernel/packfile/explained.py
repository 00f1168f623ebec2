"""What is wrong and what is right, for each fault of a pack: `xiangyun check --explain`."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.findings import Explained

_PACKS = "docs/reference/packs.md"
_STANDARD = "docs/reference/packs.md#standard-ways"
_SERVICE = "docs/reference/packs.md#serviceyaml"
_BPMN = "docs/reference/packs.md#processbpmn"
_TIME = "docs/reference/packs.md#time"
_RULES = "docs/reference/packs.md#rulesdmn"
_FIGURES = "docs/reference/packs.md#parametersyaml"
_ROLES = "docs/reference/roles.md"
_REGISTERS = "docs/reference/registers.md"
_DRAWS = "docs/reference/draw.md#drawsyaml"
_FAIRS = "docs/reference/fairs.md"
_INQUIRIES = "docs/reference/inquiries.md"
_MATCHING = "docs/reference/matching.md"
_THEMES = "docs/reference/packs.md#themes"
_RESOURCES = "docs/reference/resources.md"
_TEXTS = "docs/reference/packs.md#texts"
_EXAMPLES = "docs/reference/packs.md#examples"
_YAML = "YAML 1.2.2, chapter 10.3 (core schema), of which packs use a small part"
_SITING = "docs/reference/siting.md"
_TABLES = "docs/reference/national-tables.md"
_SIGNATURES = "docs/reference/packs.md#signatures"
_POPULATION = "docs/reference/packs.md#populationyaml"
_PAYMENTS = "docs/reference/payments.md"
EXPLAINED: Mapping[str, Explained] = {
    "pack.E001": Explained(
        "service.yaml alone in its folder",
        (
            "service.yaml, process.bpmn, form.json, parameters.yaml, texts/zh-Hans.yaml, "
            "texts/en.yaml, CHANGES.md, examples/01-….yaml"
        ),
        _PACKS,
    ),
    "pack.E002": Explained("name: Card: the library", 'name: "Card: the library"', _YAML),
    "pack.E003": Explained(("state: in_force\nstate: suspended"), "state: suspended", _YAML),
    "pack.E004": Explained(
        "sumary: {zh-Hans: 借书证, en: A card}", "summary: {zh-Hans: 借书证, en: A card}", _SERVICE
    ),
    "pack.E005": Explained(
        "fee: {charged: false, explained: {zh-Hans: 不收费。, en: Free.}}",
        (
            "fee: {charged: false, amount: 0, explained: {zh-Hans: 不收费。, en: Free.}, "
            "basis: 《条例》第三条, verified: false}"
        ),
        _SERVICE,
    ),
    "pack.E006": Explained("visits: none", "visits: 0", _SERVICE),
    "pack.E007": Explained(
        'basic_code: "0001311270"',
        'basic_code: "000131127004"',
        "GB/T 39554.1-2020, as read from published codes",
    ),
    "pack.E008": Explained(
        "parameters.yaml with 60,000 values",
        "a table of figures by place in a register, looked up by the process",
        _PACKS,
    ),
    "pack.E010": Explained(
        ("least_age:\n  values:\n    - {value: 14, in_force_from: 2024-01-01, verified: false}"),
        (
            "least_age:\n"
            "  values:\n"
            "    - {value: 14, in_force_from: 2024-01-01, basis: 《条例》第五条, verified: "
            "false}"
        ),
        _FIGURES,
    ),
    "pack.E011": Explained(
        "<annotationEntry><text></text></annotationEntry>",
        "<annotationEntry><text>《条例》第五条</text></annotationEntry>",
        _RULES,
    ),
    "pack.E012": Explained(
        '<rule id="age.young"> … <outputEntry><text>"too_young"</text></outputEntry>',
        '<rule id="age.young"> … <outputEntry><text>"age.young"</text></outputEntry>',
        _RULES,
    ),
    "pack.E013": Explained(
        'days: =get value(parameters, "days_" + precheck.typ)',
        'days: =get value(parameters, "days_" + precheck.type)',
        _TIME,
    ),
    "pack.E014": Explained(
        (
            "stages: [submit, {id: land, lead: …, days: 30, …}], and no task with the "
            "header stage=land"
        ),
        '<zeebe:header key="stage" value="land" />',
        _TIME,
    ),
    "pack.E018": Explained(
        'id="review" in process.bpmn and id="review" in processes/visit.bpmn',
        'id="review" and id="visit_review"',
        "docs/reference/packs.md#called-processes",
    ),
    "pack.E019": Explained(
        '<zeebe:calledElement processId="site_visits" />',
        '<zeebe:calledElement processId="site_visit" />, and processes/site-visit.bpmn',
        "docs/reference/packs.md#called-processes",
    ),
    "pack.E020": Explained('=acceptence.action = "accept"', '=acceptance.action = "accept"', _BPMN),
    "pack.E021": Explained(
        '<zeebe:calledDecision decisionId="prechek" resultVariable="precheck" />',
        '<zeebe:calledDecision decisionId="precheck" resultVariable="precheck" />',
        _RULES,
    ),
    "pack.E022": Explained(
        '<zeebe:assignmentDefinition candidateGroups="revewer" />',
        (
            '<zeebe:assignmentDefinition candidateGroups="reviewer" />, and roles: '
            "[applicant, reviewer]"
        ),
        _SERVICE,
    ),
    "pack.E023": Explained(
        '<zeebe:taskDefinition type="letter.sent" />',
        '<zeebe:taskDefinition type="letter.send" />',
        "docs/reference/packs.md#service-tasks",
    ),
    "pack.E024": Explained(
        (
            '<zeebe:header key="certificate" value="card" />, and certificate.yaml with '
            "id: library-card"
        ),
        '<zeebe:header key="certificate" value="library-card" />',
        "docs/reference/packs.md#certificateyaml",
    ),
    "pack.E025": Explained(
        "competent_question: adress",
        "competent_question: address, and a question with the key address",
        "docs/reference/forms.md",
    ),
    "pack.E026": Explained(
        '<zeebe:header key="stage" value="acceptance" />',
        '<zeebe:header key="stage" value="accept" />, and stages: [submit, accept]',
        _SERVICE,
    ),
    "pack.E027": Explained(
        '<zeebe:property name="outcome" value="granted" />',
        (
            '<zeebe:property name="outcome" value="issued" />, and outcomes: {issued: '
            "{meaning: granted}}"
        ),
        "docs/reference/packs.md#outcomes-actions-stages",
    ),
    "pack.E028": Explained(
        '<zeebe:header key="note_required" value="deny" />, and no action deny',
        (
            '<zeebe:header key="actions" value="accept,deny" /> and <zeebe:header '
            'key="note_required" value="deny" />'
        ),
        "docs/reference/packs.md#user-tasks",
    ),
    "pack.E029": Explained("=parameters.least_agee", "=parameters.least_age", _FIGURES),
    "pack.E030": Explained(
        "a button “accept” and no task.review.accept.effect",
        "task.review.accept.effect: The application goes on.",
        _TEXTS,
    ),
    "pack.E031": Explained(
        "name: {zh-Hans: 借书证}", "name: {zh-Hans: 借书证, en: Library card}", _TEXTS
    ),
    "pack.E032": Explained(
        '<zeebe:header key="stgae" value="accept" />',
        '<zeebe:header key="stage" value="accept" />',
        _BPMN,
    ),
    "pack.E033": Explained(
        'a task of the type register.lookup without <zeebe:input target="value" />',
        '<zeebe:input source="=application.name" target="value" />',
        "docs/reference/packs.md#service-tasks",
    ),
    "pack.E035": Explained(
        "code: library-card in culture/library-card/service.yaml",
        "code: culture/library-card",
        _SERVICE,
    ),
    "pack.E040": Explained(
        "expected: {outcome: refused}, and the case is issued",
        "expected: {outcome: issued}, or another rule",
        _EXAMPLES,
    ),
    "pack.E041": Explained(
        "steps: [{task: decide, action: approve, by: 金样一}] while “accept” is open",
        (
            "steps: [{task: accept, action: accept, by: 金样一}, {task: decide, action: "
            "approve, by: 李样二}]"
        ),
        _EXAMPLES,
    ),
    "pack.E042": Explained("answers: {capital: many}", "answers: {capital: 100}", _EXAMPLES),
    "pack.E015": Explained(
        "days: =now().day", "days: =get value(parameters, precheck.type)", _TIME
    ),
    "pack.E016": Explained(
        "department: market_supervison", "department: market_supervision", _SERVICE
    ),
    "pack.E050": Explained(
        '<zeebe:header key="register" value="reeders" />',
        '<zeebe:header key="register" value="readers" />, and registers/readers.yaml in some pack',
        _REGISTERS,
    ),
    "pack.E051": Explained(
        '"properties": {"source": "person.nmae"}',
        '"properties": {"source": "person.name"}',
        _REGISTERS,
    ),
    "pack.E052": Explained(
        "readers: [reviewer], and a look-up in the process of culture/library-card",
        "readers: [reviewer, culture/library-card]",
        _REGISTERS,
    ),
    "pack.E053": Explained(
        "a task register.record without an input for the required field name",
        '<zeebe:input source="=application.name" target="name" />',
        _REGISTERS,
    ),
    "pack.W015": Explained(
        "objection: library/complaints",
        "objection: library/objection",
        _REGISTERS,
    ),
    "pack.E075": Explained(
        "objection: library/card, which puts nothing right",
        "objection: library/objection",
        _REGISTERS,
    ),
    "pack.E100": Explained(
        "{number: 0, key: parks}", "{number: 142, key: parks}", "docs/reference/departments.md"
    ),
    "pack.E101": Explained("key: Parks", "key: parks", "docs/reference/departments.md"),
    "pack.E102": Explained(
        "number: 141, which is another’s", "number: 142", "docs/reference/departments.md"
    ),
    "pack.W100": Explained(
        "a sensitive field of a register, and a form for objections that asks in clear what it is",
        '"properties": {"sensitive": "true"} at `proposed`, `value` and `reason`',
        _REGISTERS,
    ),
    "pack.E054": Explained(
        "registers/readers.yaml in two packs", "code: readers and code: museum_readers", _REGISTERS
    ),
    "pack.E060": Explained(
        '<zeebe:header key="form" value="vist" />, or =tasks.vist.result = "nobody"',
        '<zeebe:header key="form" value="visit" />, and forms/visit.json',
        "docs/reference/packs.md#forms-of-tasks",
    ),
    "pack.E061": Explained(
        'forms/visit.json with "properties": {"source": "person.name"}',
        "a question without a source; or register.lookup before the task",
        "docs/reference/packs.md#forms-of-tasks",
    ),
    "pack.E410": Explained(
        '<zeebe:property name="signature_paper" value="waver" />',
        '<zeebe:property name="signature_paper" value="waiver" />, a filepicker of its form',
        _SIGNATURES,
    ),
    "pack.E411": Explained(
        '<zeebe:property name="signature_by" value="register" /> alone',
        'and <zeebe:property name="signature" value="required" />',
        _SIGNATURES,
    ),
    "pack.E412": Explained(
        'signature=required on a task with <zeebe:header key="form" value="answers" />',
        "a task after it, in which the applicant confirms and signs",
        _SIGNATURES,
    ),
    "pack.E413": Explained(
        "{task: statement, action: waive, by: 金样一}",
        "{task: statement, action: waive, by: 金样一, signature: passkey}",
        _SIGNATURES,
    ),
    "pack.E414": Explained(
        "{task: review, action: agree, by: 李样一, signature: passkey}",
        "{task: review, action: agree, by: 李样一}",
        _SIGNATURES,
    ),
    "pack.E080": Explained(
        "openings: [aplicant]",
        "openings: [applicant]",
        "docs/reference/packs.md#openings",
    ),
    "pack.E081": Explained(
        "openings: [applicant], and a timer start event in process.bpmn",
        'openings: [applicant, timer: ["222404000000"]]',
        "docs/reference/packs.md#openings",
    ),
    "pack.E082": Explained(
        '<zeebe:header key="service" value="visits/hom" />',
        '<zeebe:header key="service" value="visits/home" />, whose openings hold `case`',
        "docs/reference/packs.md#openings",
    ),
    "pack.E088": Explained(
        "form: 〔{year}〕",
        "form: 〔{year}〕{serial}号",
        "docs/reference/packs.md#numbers",
    ),
    "pack.E090": Explained(
        "every: sometimes",
        "every: monthly on the last working day",
        "docs/reference/duties.md#how-often",
    ),
    "pack.E091": Explained(
        "- {id: visit, …} twice",
        "- {id: visit, …} and - {id: call, …}",
        "docs/reference/duties.md",
    ),
    "pack.E092": Explained(
        "a duty over a register without `place`",
        "place: home, the field with the code of the division",
        "docs/reference/duties.md",
    ),
    "pack.E093": Explained(
        "when: =mobile != null, and `mobile` is sensitive",
        "a field that is not, such as has_mobile",
        "docs/reference/duties.md",
    ),
    "pack.E110": Explained(
        '<zeebe:header key="connector" value="taxes" />',
        '<zeebe:header key="connector" value="tax-registration" />, the code of a connector',
        "docs/reference/connectors.md",
    ),
    "pack.E111": Explained(
        '<zeebe:header key="message" value="registers" />',
        '<zeebe:header key="message" value="register" />, a message of `sends`',
        "docs/reference/connectors.md#what-goes-out-sends",
    ),
    "pack.E560": Explained(
        "to: {read: company} in a pack that the register does not name",
        "readers: [area/pack] in registers/company.yaml",
        "docs/reference/connectors.md",
    ),
    "pack.E112": Explained(
        "packs: [market/companies]",
        "packs: [market/companies, market/licences]",
        "docs/reference/connectors.md",
    ),
    "pack.E113": Explained(
        'body: "={code: code}", and the task has no input `code`',
        '<zeebe:input source="=company_code" target="code" />',
        "docs/reference/connectors.md#what-goes-out-sends",
    ),
    "pack.E114": Explained(
        '<zeebe:input source="=phone" target="phone" />, which no formula uses',
        'body: "={code: code, phone: phone}"',
        "docs/reference/connectors.md#what-goes-out-sends",
    ),
    "pack.W009": Explained(
        '<inputExpression typeRef="string"><text>tasks.visit.people</text></inputExpression>',
        '<inputExpression typeRef="number"><text>tasks.visit.people</text></inputExpression>',
        _RULES,
    ),
    "pack.E055": Explained(
        '<zeebe:taskDefinition type="register.enter" />',
        '<zeebe:taskDefinition type="register.record" />',
        "docs/reference/packs.md#service-tasks",
    ),
    "pack.E056": Explained(
        "a register without the field branch, which a published form shows",
        "a new version of that form first, then the register without the field",
        _REGISTERS,
    ),
    "pack.E057": Explained("roles: [revewer]", "roles: [reviewer]", _ROLES),
    "pack.E058": Explained("roles: ['reviewer:fyre']", "roles: ['reviewer:fire']", _ROLES),
    "pack.E059": Explained("- role: Town-Reviewer", "- role: town_reviewer", _ROLES),
    "pack.E071": Explained(
        'class: handlers, and "properties": {"sensitive": "true"}',
        'class: sealed, and "properties": {"sensitive": "true"}',
        _SERVICE,
    ),
    "pack.E072": Explained(
        'competent_question: home, and home has "sensitive": "true"',
        "competent_question: home, and home is not sensitive",
        _SERVICE,
    ),
    "pack.W010": Explained(
        'class: sealed, and no question with "sensitive": "true"',
        '"properties": {"sensitive": "true"}',
        _SERVICE,
    ),
    "pack.E070": Explained(
        "class: ordinary\nteam: [acceptor]", "class: handlers\nteam: [acceptor]", _SERVICE
    ),
    "pack.W001": Explained(
        "verified: false", "verified: true, once somebody has compared it with the law", _PACKS
    ),
    "pack.W002": Explained("rule.dmn", "rules.dmn", _PACKS),
    "pack.W003": Explained(
        "a row age.young, and no example of a child",
        "examples/03-too-young.yaml with rows: [age.young]",
        _EXAMPLES,
    ),
    "pack.W004": Explained(
        "task.reviev.hint: Look at it.", "task.review.hint: Look at it.", _TEXTS
    ),
    "pack.W005": Explained(
        ('<inputEntry><text>"own"</text></inputEntry> over a question that may stay unanswered'),
        "a further row with <inputEntry><text>null</text></inputEntry>",
        "DMN 1.5, clause 8 (Decision Table)",
    ),
    "pack.E121": Explained(
        'numbers: [{name: case, format: "{place.code}{year}{serial}"}] in two services',
        'format: "HG{place.code}-{year}-{serial}" in one of them',
        "docs/reference/packs.md#numbers",
    ),
    "pack.E140": Explained(
        "approval: halls/plann, and no such service", "approval: halls/approval", _SITING
    ),
    "pack.E141": Explained(
        "a form that does not ask covered", "a question covered, answered by the plan", _SITING
    ),
    "pack.E120": Explained(
        "a stage of {hours: 4, unit: working_hour} and extension: {days: 2, unit: working_day}",
        "extension: {hours: 2, unit: working_hour, …}, as the promised time and the stages",
        "docs/reference/packs.md#time",
    ),
    "pack.W006": Explained(
        "outcomes: {forgotten: {meaning: closed}}, and no end event that says it",
        '<zeebe:property name="outcome" value="forgotten" />',
        "docs/reference/packs.md#outcomes-actions-stages",
    ),
    "pack.W007": Explained(
        "actions: {refuze: {grave: true}}",
        "actions: {refuse: {grave: true}}",
        "docs/reference/packs.md#outcomes-actions-stages",
    ),
    "pack.W008": Explained(
        "service.yaml without outcomes",
        "outcomes: {issued: {meaning: granted}, refused: {meaning: denied}}",
        "docs/reference/packs.md#outcomes-actions-stages",
    ),
    "pack.E160": Explained(
        "- id: companies twice in draws.yaml", "- id: companies and - id: places", _DRAWS
    ),
    "pack.E161": Explained(
        "teams: [{team: fire, inspectors: 1}]", "teams: [{team: fire, inspectors: 2}]", _DRAWS
    ),
    "pack.E162": Explained("take: a third", "take: 33%", _DRAWS),
    "pack.E163": Explained("a register without place, and no place", "place: division", _DRAWS),
    "pack.E164": Explained(
        "strata: [{stratum: E, take: 1%}] where risk knows A to D",
        "strata: [{stratum: D, take: 1%}]",
        _DRAWS,
    ),
    "pack.E220": Explained("- id: meals twice", "- id: meals and - id: day-care", _RESOURCES),
    "pack.E221": Explained(
        'hours: "8:30-12:00,11:00-16:30"', 'hours: "8:30-12:00,13:00-16:30"', _RESOURCES
    ),
    "pack.E222": Explained("capacity: -3", "capacity: 3", _RESOURCES),
    "pack.E223": Explained("slot: half an hour", "slot: PT30M", _RESOURCES),
    "pack.E224": Explained(
        "expect: on hold, where the slot is full", "expect: waiting", _RESOURCES
    ),
    "pack.E225": Explained("lane: tabel", "lane: table", _RESOURCES),
    "pack.E226": Explained("at: tomorrow", 'at: "2026-04-09 08:30"', _RESOURCES),
    "pack.E320": Explained("decisions: [risk, cap]", "decisions: [risk]", _POPULATION),
    "pack.E321": Explained("fields: {code: class}", "fields: {risk: class}", _POPULATION),
    "pack.E322": Explained(
        "recomputed: {register: person}", "recomputed: {register: person_class}", _POPULATION
    ),
    "pack.E323": Explained("dated: result", "dated: decided_on", _POPULATION),
    "pack.E440": Explained("told: …, without for", "for: =… and told: …", _RESOURCES),
    "pack.E441": Explained("for: =…, without told", "for: =… and told: …", _RESOURCES),
    "pack.W442": Explained("{id: fresh, priority: 1, …}", "for: =…, who may use it", _RESOURCES),
    "pack.E443": Explained("register: assesment", "register: ability_assessment", _RESOURCES),
    "pack.E444": Explained("department: prots", "department: ports", _RESOURCES),
    "pack.W445": Explained("service: harbour/gatte", "service: harbour/gate", _RESOURCES),
    "pack.E330": Explained(
        '<zeebe:header key="resource" value="meals" />',
        '<zeebe:header key="resource" value="eldercare/centre:meals" />',
        _RESOURCES,
    ),
    "pack.E240": Explained("register: loan_products", "register: loan_product", _MATCHING),
    "pack.E241": Explained("key: code", "key: number, the key of the register", _MATCHING),
    "pack.E242": Explained(
        'typeRef="string" for a field of numbers', 'typeRef="number"', _MATCHING
    ),
    "pack.E260": Explained("certificate: libary-card", "certificate: library-card", _SERVICE),
    "pack.E261": Explained("project_no", "project_no,task_code,task_name,…", _TABLES),
    "pack.E262": Explained("is_fee: maybe", "is_fee: 0", _TABLES),
    "pack.E263": Explained("a head and no row", "a head and its rows", _TABLES),
    "pack.E270": Explained("process: standard/fast", "process: standard/immediate", _STANDARD),
    "pack.E271": Explained(
        "process: standard/promised, and process.bpmn beside it",
        "process: standard/promised, without a drawing",
        _STANDARD,
    ),
    "pack.E272": Explained(
        "a form.json without applicant_name, and process: standard/promised",
        '{"type": "textfield", "key": "applicant_name", "label": "姓名"}',
        _STANDARD,
    ),
    "pack.E350": Explained("register: tax_grades", "register: tax_grade", _INQUIRIES),
    "pack.E351": Explained(
        "register: person, which no company can grant",
        "a register about organisations, of the ordinary class",
        _INQUIRIES,
    ),
    "pack.E360": Explained("matching: graduate-post", "matching: graduate-posts", _FAIRS),
    "pack.E361": Explained("name: titel, a field that is none", "name: title", _FAIRS),
    "pack.E362": Explained(
        "a number of places read from a field of words", "a field of type number", _FAIRS
    ),
    "pack.E460": Explained(
        "entered: {}, and no subject", "subject: organisation, and entered: {}", _REGISTERS
    ),
    "pack.E461": Explained(
        "entered: {wording: adverts}",
        "entered: {wording: jobs/advertisements:advertisement}",
        _REGISTERS,
    ),
    "pack.E462": Explained(
        "followed: {register: contact, …}", "followed: {register: part_contact, …}", _MATCHING
    ),
    "pack.E463": Explained(
        'writers: ["reviewer:industry"] in the register that is followed',
        'writers: ["reviewer:industry", industry/matchmaking]',
        _MATCHING,
    ),
    "pack.E590": Explained("one service in `members`", "two or more", _THEMES),
    "pack.E591": Explained("theme.yaml alone", "service.yaml beside it", _THEMES),
    "pack.E592": Explained("open: stall", "open: open_stall", _THEMES),
    "pack.E593": Explained(
        "an end without waiting", "a catch event of the message case.ended", _THEMES
    ),
    "pack.E594": Explained(
        "no input `home`", '<zeebe:input source="=application.home" …>', _THEMES
    ),
    "pack.E595": Explained("promised: {days: 1, …}", "promised: {days: 5, …}", _THEMES),
    "pack.E596": Explained("a third case.open", "a third member", _THEMES),
    "pack.E600": Explained(
        "Planned: {{ application.title }}", "Planned: {application.title}", _PACKS
    ),
    "pack.E400": Explained(
        "fees: […] and fee: {charged: false, …}", "fee: {charged: true, …}", _PAYMENTS
    ),
    "pack.E401": Explained("fees: […] and pay_online: false", "pay_online: true", _PAYMENTS),
    "pack.E402": Explained("payer: neighbour", "payer: applicant", _PAYMENTS),
    "pack.E403": Explained(
        "two fees with the code deposit", "the codes deposit and reinstatement", _PAYMENTS
    ),
    "pack.E404": Explained(
        "a fee with the code deposit, and no payment.ask with fee=deposit",
        "a service task payment.ask with the header fee=deposit",
        _PAYMENTS,
    ),
    "pack.E500": Explained(
        "`clock` = pauses on a letter, which is written at once",
        "`clock` = pauses on a service task that a payer or another system answers",
        _PACKS,
    ),
    "pack.E510": Explained(
        "optionsFrom in form.json", "optionsFrom in forms/NAME.json, the form of a task", _PACKS
    ),
    "pack.E511": Explained(
        "a task without the input that the choices of its form come from",
        '<zeebe:input source="=items" target="items" /> at the task',
        _PACKS,
    ),
    "pack.E570": Explained(
        "a step that replaces a certificate the example does not hold",
        "`certificates:` of the example names it, with its identifier",
        _PACKS,
    ),
    "pack.E571": Explained(
        "certificates: [{identifer: 1}]", "certificates: [{identifier: SPJY-1}]", _PACKS
    ),
    "pack.E580": Explained(
        "a process.bpmn that ends in the middle of an element",
        "the whole file, as a modeler saves it",
        _PACKS,
    ),
}
