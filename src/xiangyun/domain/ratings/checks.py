"""What is said when something cannot be rated."""

from xiangyun.kernel.findings import Finding, Text

NO_COUNTER = Finding(
    "case.E185",
    "error",
    Text("这里没有可以评价的窗口。", "There is nothing to rate here."),
    hint=Text("请重新扫描窗口上的二维码。", "Scan the code at the counter once more."),
)
NOT_RECTIFIED = Finding(
    "case.E186",
    "error",
    Text(
        "整改还没有办结，现在不能再次评价。",
        "The rectification has not ended: no second rating yet.",
    ),
    hint=Text(
        "整改办结以后，这件办件的页面上可以再评一次。",
        "Once it has ended, the page of the case asks.",
    ),
)
RATED_AGAIN = Finding(
    "case.E187",
    "error",
    Text("这件办件已经再次评价过了。", "This case has been rated a second time already."),
    hint=Text("不用再做什么。", "Nothing more is needed."),
)
