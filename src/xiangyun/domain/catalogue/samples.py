"""The sample of what a service gives: made from one of its examples, once while packs stand."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from xiangyun.domain.editions import remembered
from xiangyun.kernel.pack import Known, registers_in
from xiangyun.kernel.pack.kinds.connector import KIND as CONNECTOR
from xiangyun.kernel.pack.kinds.connector import connectors_in
from xiangyun.kernel.pack.kinds.register import KIND as REGISTER
from xiangyun.kernel.pack.kinds.resource import KIND as RESOURCE
from xiangyun.kernel.pack.kinds.resource import resources_in
from xiangyun.kernel.pack.samples import ResultSample, result_sample

from .queries import declared, pack


@remembered("catalogue", 256)
def sample_of(version_id: UUID) -> ResultSample | None:
    """The sample of the result of a version; None where it names none, or nothing came of it."""
    named = pack(version_id)
    if not named.service.result.sample:
        return None
    kinds = (CONNECTOR, RESOURCE, REGISTER)
    around = Known(each for kind in kinds for each in declared(kind.name))
    rehearsed = replace(named, connectors=connectors_in(around), resources=resources_in(around))
    return result_sample(rehearsed, registers_in(around))
