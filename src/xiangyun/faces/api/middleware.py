"""Whatever stands in front of the interface, it answers as the interface does."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from xiangyun.adapters.outages import AWAY

from . import problems, words

BEFORE = "/api/"
_SAID = {
    404: [words.ABSENT],
    405: problems.NO_METHOD,
    500: problems.FAILED,
    503: [words.finding(AWAY.finding)],
}


def speak_problems(get_response: Callable[[HttpRequest], HttpResponse]) -> object:
    """Turn pages of an error into problem details where a program asked."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_ours = response.headers.get("Content-Type", "").startswith(problems.MEDIA_TYPE)
        told = is_ours or getattr(response, "in_own_words", False)
        if not request.path.startswith(BEFORE) or response.status_code < 400 or told:
            return response
        said = _SAID.get(response.status_code, problems.NO_JSON)
        answer = problems.problem(response.status_code, said)
        for name in ("Allow", "Retry-After"):
            if name in response.headers:
                answer.headers[name] = response.headers[name]
        return answer

    return respond
