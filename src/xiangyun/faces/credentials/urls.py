"""Every address of credentials."""

from __future__ import annotations

from django.urls import path

from .views import issuing, lists, log, office, verifying, wallet

app_name = "credentials"
urlpatterns = [
    path("statuslists/<int:number>", lists.status_list, name="status-list"),
    path("verify.html", lists.offline_page, name="offline-page"),
    path("trust", lists.trust_page, name="trust-page"),
    path("trust.json", lists.trust, name="trust"),
    path("log/checkpoint", log.checkpoint, name="checkpoint"),
    path("log/key", log.key, name="log-key"),
    path("log/tile/<path:rest>", log.tile, name="tile"),
    path("wallet", wallet.wallet, name="wallet"),
    path("wallet/<str:identifier>", wallet.certificate, name="held"),
    path("wallet/<str:identifier>/file/<str:form>", wallet.file, name="file"),
    path("wallet/<str:identifier>/show", wallet.show, name="show"),
    path("wallet/<str:identifier>/copy", wallet.copy, name="copy"),
    path("wallet/<str:identifier>/annual", wallet.annual, name="annual"),
    path("wallet/copies/<int:entry>/withdraw", wallet.withdraw, name="withdraw"),
    path("wallet/<str:identifier>/offer", wallet.offer, name="offer"),
    path("office/certificates", office.find, name="office-find"),
    path("office/certificates/<str:identifier>", office.certificate, name="office"),
    path("office/certificates/<str:identifier>/end", office.end, name="end"),
    path("office/certificates/<str:identifier>/reinstate", office.reinstate, name="reinstate"),
    path("shown/<str:token>", wallet.shown, name="shown"),
    path(".well-known/openid-credential-issuer", issuing.metadata, name="issuer-metadata"),
    path(".well-known/oauth-authorization-server", issuing.server_metadata, name="server-metadata"),
    path("openid4vci/token", issuing.token, name="token"),
    path("openid4vci/nonce", issuing.nonce, name="nonce"),
    path("openid4vci/credential", issuing.credential, name="credential"),
    path("openid4vci/offer/<str:reference>", issuing.offered, name="offered"),
    path("openid4vp/request/<str:state>", verifying.request_object, name="request"),
    path("openid4vp/response/<str:state>", verifying.response, name="response"),
    path("present", verifying.ask, name="present"),
    path("present/<str:state>", verifying.answer, name="presented"),
]
