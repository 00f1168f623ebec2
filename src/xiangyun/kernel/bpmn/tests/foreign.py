"""Drawings as Camunda Modeler (for 7), Activiti, Flowable and Signavio write them; all invented."""

from __future__ import annotations

CAMUNDA_7 = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
 xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="Definitions_1"
 targetNamespace="http://bpmn.io/schema/bpmn" exporter="Camunda Modeler" exporterVersion="5.10.0">
  <bpmn:process id="leave" name="Leave" isExecutable="true" camunda:historyTimeToLive="P30D">
    <bpmn:startEvent id="start" camunda:formKey="embedded:app:forms/leave.html"
      camunda:initiator="starter"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="review" />
    <bpmn:userTask id="review" name="Review" camunda:assignee="demo"
      camunda:candidateGroups="reviewer" camunda:dueDate="${dueDate}" camunda:asyncBefore="true">
      <bpmn:extensionElements>
        <camunda:taskListener delegateExpression="${mailer}" event="create" />
        <camunda:properties><camunda:property name="area" value="hr" /></camunda:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="f2" sourceRef="review" targetRef="gate" />
    <bpmn:exclusiveGateway id="gate" name="Approved?" default="no">
      <bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>yes</bpmn:outgoing>
      <bpmn:outgoing>no</bpmn:outgoing></bpmn:exclusiveGateway>
    <bpmn:sequenceFlow id="yes" sourceRef="gate" targetRef="enter">
      <bpmn:conditionExpression
       xsi:type="bpmn:tFormalExpression">${approved == true &amp;&amp; days &lt;= 20}
      </bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="no" sourceRef="gate" targetRef="end" />
    <bpmn:serviceTask id="enter" name="Enter"
      camunda:type="external" camunda:topic="register.enter">
      <bpmn:extensionElements><camunda:inputOutput>
        <camunda:inputParameter name="amount">${days * 8}</camunda:inputParameter>
        <camunda:inputParameter name="kind">leave</camunda:inputParameter>
      </camunda:inputOutput></bpmn:extensionElements>
      <bpmn:incoming>yes</bpmn:incoming><bpmn:outgoing>f3</bpmn:outgoing>
    </bpmn:serviceTask>
    <bpmn:sequenceFlow id="f3" sourceRef="enter" targetRef="end" />
    <bpmn:endEvent id="end"><bpmn:incoming>no</bpmn:incoming><bpmn:incoming>f3</bpmn:incoming>
    </bpmn:endEvent>
  </bpmn:process>
</bpmn:definitions>
"""

ACTIVITI = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:activiti="http://activiti.org/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 typeLanguage="http://www.w3.org/2001/XMLSchema"
 expressionLanguage="http://www.w3.org/1999/XPath" targetNamespace="http://www.activiti.org/test">
  <process id="vacation" name="请假流程" isExecutable="true">
    <startEvent id="startevent1" name="Start" activiti:initiator="applyUserId">
      <extensionElements>
        <activiti:formProperty id="days" name="天数" type="long" required="true" />
      </extensionElements>
    </startEvent>
    <userTask id="deptLeader" name="部门领导审批" activiti:candidateGroups="deptLeader" />
    <userTask id="hr" name="人事审批"><potentialOwner><resourceAssignmentExpression>
      <formalExpression>group(hr)</formalExpression></resourceAssignmentExpression></potentialOwner>
    </userTask>
    <exclusiveGateway id="g" name="同意吗" default="flow5" />
    <serviceTask id="mail" name="发通知" activiti:delegateExpression="${mailDelegate}">
      <extensionElements><activiti:field name="to"><activiti:string>申请人</activiti:string>
      </activiti:field></extensionElements>
    </serviceTask>
    <endEvent id="endevent1" name="End" />
    <sequenceFlow id="flow1" sourceRef="startevent1" targetRef="deptLeader" />
    <sequenceFlow id="flow2" sourceRef="deptLeader" targetRef="g" />
    <sequenceFlow id="flow3" name="同意" sourceRef="g" targetRef="hr">
      <conditionExpression
       xsi:type="tFormalExpression"><![CDATA[${deptLeaderPass == 'true'}]]></conditionExpression>
    </sequenceFlow>
    <sequenceFlow id="flow5" sourceRef="g" targetRef="mail" />
    <sequenceFlow id="flow6" sourceRef="hr" targetRef="mail" />
    <sequenceFlow id="flow7" sourceRef="mail" targetRef="endevent1" />
  </process>
</definitions>
"""

FLOWABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:flowable="http://flowable.org/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 targetNamespace="http://www.flowable.org/processdef" exporter="Flowable Open Source Modeler">
  <process id="countersign" name="会签" isExecutable="true">
    <startEvent id="s" flowable:formFieldValidation="true" />
    <userTask id="sign" name="会签" flowable:assignee="${assignee}" flowable:formKey="signForm">
      <multiInstanceLoopCharacteristics isSequential="false" flowable:collection="${signers}"
        flowable:elementVariable="assignee">
        <completionCondition>${nrOfCompletedInstances &gt;= 2}</completionCondition>
      </multiInstanceLoopCharacteristics>
    </userTask>
    <scriptTask id="calc" name="计算" scriptFormat="groovy" flowable:autoStoreVariables="false">
      <script>execution.setVariable('total', price * 2)</script></scriptTask>
    <callActivity id="sub" name="归档" calledElement="archive">
      <extensionElements><flowable:in source="total" target="sum" />
      <flowable:out source="number" target="archiveNumber" /></extensionElements></callActivity>
    <boundaryEvent id="late" attachedToRef="sign" cancelActivity="false">
      <timerEventDefinition><timeDuration>${limit}</timeDuration></timerEventDefinition>
    </boundaryEvent>
    <endEvent id="e" /><endEvent id="e2" />
    <sequenceFlow id="a" sourceRef="s" targetRef="sign" />
    <sequenceFlow id="b" sourceRef="sign" targetRef="calc" />
    <sequenceFlow id="c" sourceRef="calc" targetRef="sub" />
    <sequenceFlow id="d" sourceRef="sub" targetRef="e" />
    <sequenceFlow id="f" sourceRef="late" targetRef="e2" />
  </process>
</definitions>
"""

SIGNAVIO = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:signavio="http://www.signavio.com"
 exporter="Signavio Process Editor, http://www.signavio.com" exporterVersion="15.4.0"
 expressionLanguage="http://www.w3.org/1999/XPath" id="sid-1"
 targetNamespace="http://www.signavio.com">
  <process id="sid-2" isExecutable="false">
    <extensionElements><signavio:signavioDiagramMetaData metaKey="prozessreife"
      metaValue="" /></extensionElements>
    <startEvent id="sid-3" name="Application arrives"><outgoing>sid-8</outgoing></startEvent>
    <task id="sid-4" name="Look at it"><incoming>sid-8</incoming><outgoing>sid-9</outgoing></task>
    <endEvent id="sid-5" name="Done"><incoming>sid-9</incoming></endEvent>
    <sequenceFlow id="sid-8" sourceRef="sid-3" targetRef="sid-4" />
    <sequenceFlow id="sid-9" sourceRef="sid-4" targetRef="sid-5" />
  </process>
</definitions>
"""
