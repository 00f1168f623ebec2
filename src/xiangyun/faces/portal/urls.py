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
    factors,
    files,
    find,
    guide,
    home,
    looks,
    records,
    second,
    session,
)

portal = [
    path("", home.home, name="home"),
    path("search", home.search, name="search"),
    path("region", session.region, name="region"),
    path("places", find.places, name="places"),
    path("login", session.log_in, name="login"),
    path("login/second", second.second, name="second"),
    path("logout", session.log_out, name="logout"),
    path("account", account.account, name="account"),
    path("account/looks", looks.looks, name="looks"),
    path("account/records", records.mine, name="records"),
    path("account/records/<str:code>/<int:fact>", records.mine_in, name="record"),
    path("account/end-sessions", account.end_sessions, name="end_sessions"),
    path("account/second-factor", factors.factors, name="factors"),
    path("account/second-factor/app", factors.app, name="app"),
    path("account/second-factor/app/begin", factors.begin_app, name="begin_app"),
    path("account/second-factor/passkey", factors.passkey, name="passkey"),
    path("account/second-factor/codes", factors.codes, name="codes"),
    path("account/second-factor/<uuid:factor>/remove", factors.remove, name="remove_factor"),
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
