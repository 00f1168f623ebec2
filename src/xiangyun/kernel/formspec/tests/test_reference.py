"""Every component and every member of form-js has an answer in a declaration."""

import pytest

from xiangyun.kernel.formspec import formjs, kinds

# What the JSON schema of form-js 1.2 to 2.0 (schema version 20) lets each input have beside the
# members of every component; `validate` holds the rules that form-js-viewer evaluates for it.
SCHEMA = {
    "textfield": "validate.required validate.minLength validate.maxLength validate.pattern"
    " validate.patternErrorMessage validate.validationType defaultValue",
    "textarea": "validate.required validate.minLength validate.maxLength validate.pattern"
    " defaultValue",
    "number": "validate.required validate.min validate.max decimalDigits increment"
    " serializeToString defaultValue",
    "checkbox": "validate.required defaultValue",
    "checklist": "validate.required valuesKey valuesExpression defaultValue",
    "taglist": "validate.required valuesKey valuesExpression defaultValue",
    "radio": "validate.required valuesKey valuesExpression defaultValue",
    "select": "validate.required valuesKey valuesExpression searchable defaultValue",
    "datetime": "validate.required subtype dateLabel timeLabel use24h timeSerializingFormat"
    " timeInterval disallowPassedDates defaultValue",
    "filepicker": "validate.required accept multiple",
    "dynamiclist": "isRepeating defaultRepetitions allowAddRemove disableCollapse"
    " nonCollapsedItems showOutline verticalAlignment",
}
EVERYWHERE = ("readonly", "disabled", "omitFromSubmit")
COMPONENTS = (
    "textfield number datetime textarea checkbox radio select checklist taglist image text html"
    " button spacer group dynamiclist multipage page separator table iframe expression filepicker"
    " documentPreview"
)


@pytest.mark.parametrize("name", SCHEMA)
def test_every_member_that_form_js_gives_a_question_is_enforced_refused_or_only_looks(name):
    kind = kinds()[name]
    answered = [each.written for each in kind.properties]
    answered += [*kind.refused, *kind.noted, *kind.looks, *formjs.REFUSED_MEMBERS]
    assert not {*SCHEMA[name].split(), *EVERYWHERE} - set(answered)
    assert len(answered) == len(set(answered)), "one member, one answer"


def test_every_component_of_form_js_is_asked_shown_or_left_out():
    assert set(COMPONENTS.split()) <= formjs.components()


def test_every_word_of_a_declaration_stands_in_both_languages():
    for kind in kinds().values():
        words = [kind.title, kind.about, kind.answer, kind.ask]
        words += [each.about for each in kind.properties]
        words += [*kind.refused.values(), *kind.noted.values()]
        assert all(text.zh and text.en and text.zh != text.en for text in words), kind.name
