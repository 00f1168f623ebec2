"""Every address of the portal."""

from __future__ import annotations

from django.urls import include, path

from .views import (
    account,
    apply,
    cases,
    certificates,
    check,
    correct,
    files,
    find,
    guide,
    home,
    looks,
    session,
)

portal = [
    path("", home.home, name="home"),
    path("search", home.search, name="search"),
    path("region", session.region, name="region"),
    path("places", find.places, name="places"),
    path("login", session.log_in, name="login"),
    path("logout", session.log_out, name="logout"),
    path("account", account.account, name="account"),
    path("account/looks", looks.looks, name="looks"),
    path("account/end-sessions", account.end_sessions, name="end_sessions"),
    path("services/<path:code>/apply", apply.start, name="start"),
    path("services/<path:code>/process", guide.process, name="process"),
    path("services/<path:code>", guide.guide, name="guide"),
    path("apply/<uuid:draft_id>", apply.resume, name="resume"),
    path("apply/<uuid:draft_id>/check", check.check, name="check"),
    path("apply/<uuid:draft_id>/pages/<str:key>", apply.page_of_form, name="apply"),
    path("apply/<uuid:draft_id>/discard", cases.discard, name="discard"),
    path("cases", cases.mine, name="cases"),
    path("cases/<uuid:case_id>", cases.case, name="case"),
    path("cases/<uuid:case_id>/sent", cases.sent, name="sent"),
    path("cases/<uuid:case_id>/receipt", cases.receipt, name="receipt"),
    path("cases/<uuid:case_id>/withdraw", cases.withdraw, name="withdraw"),
    path("cases/<uuid:case_id>/again", cases.again, name="again"),
    path("cases/<uuid:case_id>/rate", cases.rate, name="rate"),
    path("cases/<uuid:case_id>/correct/<path:task>", correct.correct, name="correct"),
    path("files/<uuid:case_id>/<uuid:material_id>", files.view, name="view"),
    path("cases/<uuid:case_id>/files/<uuid:material_id>", files.download, name="material"),
    path("certificates/<str:identifier>", certificates.certificate, name="certificate"),
    path("certificates/<str:identifier>/paper", certificates.paper, name="paper"),
    path("certificates/<str:identifier>/file", certificates.document, name="document"),
    path("certificates/<str:identifier>/code.svg", certificates.qr, name="qr"),
    path("verify", certificates.verify, name="verify"),
]

urlpatterns = [
    path("language", session.set_language, name="set_language"),
    path("", include((portal, "portal"))),
]
