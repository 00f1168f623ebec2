"""The form of a fictitious service, as an author would draw it in Camunda Modeler."""

REGISTRATION = """{
  "type": "default",
  "id": "registration",
  "schemaVersion": 18,
  "components": [
    {"type": "text", "text": "# 虚构的企业设立登记", "id": "note"},
    {"type": "group", "id": "applicant", "label": "申请人", "components": [
      {"type": "textfield", "key": "applicant_name", "label": "姓名",
       "validate": {"required": true},
       "properties": {"format": "name", "source": "person.name"}},
      {"type": "textfield", "key": "applicant_id", "label": "身份证号",
       "description": "用于核对您的身份，不会公开。",
       "validate": {"required": true},
       "properties": {"format": "resident-id", "source": "person.id_number"}},
      {"type": "textfield", "key": "phone", "label": "手机号码",
       "validate": {"required": true}, "properties": {"format": "mobile"}}
    ]},
    {"type": "radio", "key": "kind", "label": "企业类型", "validate": {"required": true},
     "values": [{"label": "有限责任公司", "value": "company"},
                {"label": "个体工商户", "value": "individual"}]},
    {"type": "group", "id": "capital_group", "label": "出资",
     "conditional": {"hide": "=kind != \\"company\\""},
     "components": [
      {"type": "number", "key": "capital", "label": "注册资本（元）", "decimalDigits": 2,
       "validate": {"required": true, "min": 1, "max": 100000000}},
      {"type": "checkbox", "key": "in_kind", "label": "有非货币出资"},
      {"type": "textarea", "key": "in_kind_note", "label": "非货币出资说明",
       "conditional": {"hide": "=in_kind != true"},
       "validate": {"required": true, "minLength": 10, "maxLength": 200}},
      {"type": "dynamiclist", "path": "shareholders", "label": "股东",
       "validate": {"required": true}, "components": [
        {"type": "textfield", "key": "name", "label": "股东名称", "validate": {"required": true}},
        {"type": "number", "key": "share", "label": "出资比例（%）",
         "validate": {"required": true, "min": 0, "max": 100}},
        {"type": "textfield", "key": "reason", "label": "过半数说明",
         "conditional": {"hide": "=share = null or share <= 50"}, "validate": {"required": true}}
      ]}
    ]},
    {"type": "datetime", "subtype": "date", "key": "opening", "dateLabel": "拟开业日期",
     "disallowPassedDates": true},
    {"type": "checklist", "key": "departments", "label": "同时办理",
     "values": [{"label": "公章", "value": "seal"}, {"label": "发票", "value": "invoice"}]},
    {"type": "filepicker", "key": "lease", "label": "租赁合同", "accept": ".pdf,image/*",
     "validate": {"required": true}, "properties": {"max_mb": "2"}}
  ]
}
"""

ENGLISH = {
    "page.applicant.title": "The applicant",
    "form.phone.label": "Mobile number",
    "form.applicant_id.why": "To check who you are; never published.",
    "form.kind.option.company": "Limited company",
    "form.shareholders.name.label": "Shareholder",
}

# A form as Camunda Modeler writes one, with what it adds by itself.
MODELLED = r"""{
 "components": [
  {
   "text": "# Loan request\n\nPlease fill in.",
   "label": "Text view",
   "type": "text",
   "layout": {
    "row": "Row_1",
    "columns": null
   },
   "id": "Field_a"
  },
  {
   "label": "Full name",
   "type": "textfield",
   "layout": {
    "row": "Row_2",
    "columns": 8
   },
   "id": "Field_b",
   "key": "full_name",
   "validate": {
    "required": true,
    "minLength": "2",
    "validationType": ""
   },
   "appearance": {
    "prefixAdorner": "Mr"
   }
  },
  {
   "label": "E-mail",
   "type": "textfield",
   "id": "Field_c",
   "key": "email",
   "validate": {
    "validationType": "email"
   }
  },
  {
   "label": "Amount",
   "type": "number",
   "id": "Field_d",
   "key": "amount",
   "increment": "100",
   "decimalDigits": 0,
   "validate": {
    "min": 1000,
    "max": "50000"
   },
   "appearance": {
    "suffixAdorner": "EUR"
   }
  },
  {
   "values": [
    {
     "label": "A",
     "value": "a"
    },
    {
     "label": "B",
     "value": "b"
    }
   ],
   "label": "Tags",
   "type": "taglist",
   "id": "Field_e",
   "key": "tags"
  },
  {
   "subtype": "datetime",
   "dateLabel": "When",
   "timeLabel": "Time",
   "timeSerializingFormat": "utc_offset",
   "timeInterval": 15,
   "use24h": true,
   "type": "datetime",
   "id": "Field_f",
   "key": "at"
  },
  {
   "components": [
    {
     "label": "City",
     "type": "textfield",
     "id": "Field_h",
     "key": "city"
    }
   ],
   "showOutline": false,
   "label": "Address",
   "type": "group",
   "id": "Field_g",
   "path": ""
  },
  {
   "components": [
    {
     "label": "Item",
     "type": "textfield",
     "id": "Field_j",
     "key": "item"
    }
   ],
   "showOutline": true,
   "isRepeating": true,
   "allowAddRemove": true,
   "defaultRepetitions": 2,
   "label": "Items",
   "type": "dynamiclist",
   "path": "items",
   "id": "Field_i"
  },
  {
   "type": "separator",
   "id": "Field_k"
  },
  {
   "type": "image",
   "source": "https://x/y.png",
   "alt": "logo",
   "id": "Field_l"
  },
  {
   "label": "Reason",
   "type": "textarea",
   "id": "Field_m",
   "key": "reason",
   "conditional": {
    "hide": "=amount < 5000"
   }
  },
  {
   "label": "I agree",
   "type": "checkbox",
   "id": "Field_n",
   "key": "agree",
   "defaultValue": false
  },
  {
   "action": "submit",
   "label": "Send",
   "type": "button",
   "id": "Field_o",
   "key": "send"
  }
 ],
 "type": "default",
 "id": "loan",
 "executionPlatform": "Camunda Cloud",
 "executionPlatformVersion": "8.8.0",
 "exporter": {
  "name": "Camunda Modeler",
  "version": "5.39.0"
 },
 "schemaVersion": 19
}
"""
