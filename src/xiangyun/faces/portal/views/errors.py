"""What is shown when a page cannot be: plainly, with a way on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import is_valid_path
from django.utils.http import escape_leading_slashes

from xiangyun.adapters.outages import Outage
from xiangyun.faces.look.page import rendered
from xiangyun.faces.look.refusals import STATUS
from xiangyun.kernel.findings import Refused, Text


def _error(
    request: HttpRequest, status: int, title: Text, about: Text, on: str = ""
) -> HttpResponse:
    # No region in the frame, and no counts: the database may be the very thing that fails.
    context = {"status": status, "title": title, "about": about, "on": on}
    return rendered(request, "portal/error.html", context, status=status, counting=False)


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: a request that no page of ours has sent, or one that is too large."""
    return _error(
        request,
        400,
        Text("没有看懂这个请求", "The request could not be read"),
        Text(
            "刚才的操作没有执行。请回到原来的页面再做一次；一次填写的内容太多时请分几次。",
            "What you just did was not carried out. Go back to the page and do it again;"
            " if it was very much at once, do it in parts.",
        ),
    )


def no_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form without its token: an old page, or a browser that keeps no cookies."""
    return _error(
        request,
        403,
        Text("页面已经过期", "The page has expired"),
        Text(
            "刚才的操作没有执行。请重新打开页面再做一次；仍不行时，请允许浏览器保存 Cookie。",
            "What you just did was not carried out. Open the page again and repeat it;"
            " if that does not help, let your browser keep the cookies of this site.",
        ),
        on=request.path,
    )


def not_so(request: HttpRequest) -> HttpResponse:
    """405: an address that takes no such request."""
    return _error(
        request,
        405,
        Text("这个地址不能这样打开", "This address cannot be opened so"),
        Text(
            "没有执行任何操作。请从首页或“我的办件”找到要办的事。",
            "Nothing was carried out. Find what you want from the first page or “My cases”.",
        ),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: something this account may not do."""
    return _error(
        request,
        403,
        Text("您不能做这一步", "You cannot do this"),
        Text(
            "这一步由别的岗位或申请人本人办理。请换用相应的账户登录，或回到首页。",
            "It is for another desk or for the applicant. Log in with that account, or go back.",
        ),
    )


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """What the platform says no to: every reason, and what to do."""
    hints = [finding.hint for finding in refusal.findings if finding.hint]
    return _error(
        request,
        STATUS[refusal.kind],
        refusal.findings[0].message,
        Text("{all}", "{all}", all=[*(f.message for f in refusal.findings[1:]), *hints]),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: absent, or not open to this person; both look the same.

    Where only a last slash is too much, the reader is led to the page that was meant; where one is
    missing, Django has done so already.
    """
    path = request.path_info
    if request.method in ("GET", "HEAD") and request.resolver_match is None and path.endswith("/"):
        meant = path.rstrip("/")
        if is_valid_path(meant):
            query = request.META.get("QUERY_STRING", "")
            where = escape_leading_slashes(meant) + (f"?{query}" if query else "")
            return HttpResponsePermanentRedirect(where)
    return _error(
        request,
        404,
        Text("没有找到这个页面", "Page not found"),
        Text(
            "地址可能写错了，或者这个页面不对您开放。请检查地址，或从首页重新查找。",
            "The address may be mistyped, or the page is not open to you."
            " Check the address, or start from the first page.",
        ),
    )


def broken(request: HttpRequest) -> HttpResponse:
    """500: our fault; nothing of the step was done."""
    return _error(
        request,
        500,
        Text("系统出了问题", "Something went wrong"),
        Text(
            "刚才的操作没有执行，已填的内容以上次保存为准。请稍后再试一次。",
            "What you just did was not carried out; what was saved before is safe."
            " Please try again in a while.",
        ),
    )


def too_often(request: HttpRequest, seconds: int) -> HttpResponse:
    """429: more requests from here, or from this account, than people make."""
    return _error(
        request,
        429,
        Text("请求过于频繁", "Too many requests"),
        Text(
            "请在 {seconds} 秒后再打开这个页面。已保存的内容没有丢失。",
            "Open the page again in {seconds} {seconds|second|seconds}. Nothing saved is lost.",
            seconds=seconds,
        ),
    )


def out(request: HttpRequest, outage: Outage) -> HttpResponse:
    """503: what lies beneath the site is out: the database, or room on its disk."""
    assert outage.finding.hint is not None
    about = Text(
        "{what}{then}", "{what} {then}", what=outage.finding.message, then=outage.finding.hint
    )
    return _error(request, 503, outage.title, about)
