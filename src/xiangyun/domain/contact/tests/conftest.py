from xiangyun.domain.cases.tests.conftest import *  # noqa: F403
