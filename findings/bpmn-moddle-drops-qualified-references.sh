#!/usr/bin/env bash
# Package:   bpmn-moddle 10.3.1 (reads and writes BPMN for bpmn-js and its modellers).
# Behaviour: a reference that carries a namespace prefix disappears when a file is read and written again:
#            itemRef="ex:Application" of a message, itemSubjectRef of a data object. The same reference
#            without its prefix survives. There is no error, only a warning in a list that the caller of
#            fromXML must look at. structureRef="xsd:string", a plain string to moddle, keeps its prefix.
# Surprise:  BPMN 2.0's schema types these attributes xsd:QName: in a file whose targetNamespace is bound to
#            a prefix, the prefixed spelling is the right one. So moving one box in a web modeller and
#            saving removes the data types of a process, and what is left is still valid.
# What to do: treat any `unresolved reference` warning as a refusal to save; take the prefix of the target
#            namespace off before reading; compare the references before and after.
# Seen:
#> read with 2 warnings: unresolved reference <ex:Application>, unresolved reference <ex:Application>
#> definition   before structureRef="xsd:string"           after structureRef="xsd:string"
#> message      before itemRef="ex:Application"            after -
#> prefixed     before itemSubjectRef="ex:Application"     after -
#> plain        before itemSubjectRef="Application"        after itemSubjectRef="Application"
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --ignore-scripts --no-audit --no-fund bpmn-moddle@10.3.1
cat > run.mjs <<'JS'
import { BpmnModdle } from 'bpmn-moddle';

const before = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
    xmlns:ex="http://example.org/permits" id="D" targetNamespace="http://example.org/permits">
  <itemDefinition id="Application" structureRef="xsd:string"/>
  <message id="message" itemRef="ex:Application"/>
  <process id="P">
    <dataObject id="prefixed" itemSubjectRef="ex:Application"/>
    <dataObject id="plain" itemSubjectRef="Application"/>
  </process>
</definitions>`;
const moddle = new BpmnModdle();
const { rootElement, warnings } = await moddle.fromXML(before);
const after = (await moddle.toXML(rootElement)).xml;
console.log(`read with ${warnings.length} warnings: ${warnings.map((w) => w.message).join(', ')}`);
const reference = (xml, id) =>
  new RegExp(`id="${id}"[^>]*?(\\w+Ref="[^"]*")`).exec(xml)?.[1] ?? '-';
for (const [name, id] of [['definition', 'Application'], ['message', 'message'], ['prefixed', 'prefixed'], ['plain', 'plain']]) {
  console.log(`${name.padEnd(12)} before ${reference(before, id).padEnd(35)} after ${reference(after, id)}`);
}
JS
node run.mjs | tee seen
cd - >/dev/null
sed -n 's/^#> //p' "$0" | diff - "$work/seen"
