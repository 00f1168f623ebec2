"""What is wrong and what is right, for each fault of payments: `xiangyun check --explain`."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.findings import Explained

_PAGE = "docs/reference/payments.md"
EXPLAINED: Mapping[str, Explained] = {
    "payment.E001": Explained(
        "amount: =application.area * 98.35, which comes to 245.875",
        "amount: =round half up(application.area * 98.35, 2)",
        _PAGE,
    ),
    "payment.E002": Explained("days: =0", "days: =parameters.days_to_pay, which is 5", _PAGE),
    "payment.E003": Explained(
        "a running case asks for the fee deposit, which service.yaml does not declare",
        "fees: [{code: deposit, …}]",
        _PAGE,
    ),
    "payment.E004": Explained(
        "860.00 were paid, and 900.00 are refunded", "860.00 are refunded", _PAGE
    ),
    "payment.E010": Explained("order,amount", "kind,number,transaction,amount,at", _PAGE),
    "payment.E011": Explained(
        "payment,JF000000000012,T0001,860,2026-04-09",
        "payment,JF000000000012,T0001,860.00,2026-04-09T10:12:00+08:00",
        _PAGE,
    ),
}
