"""An engine that is not there is refused in words, before anything is begun."""

import sys
from types import ModuleType

import pytest

from xiangyun.adapters.engines import Settings, engine
from xiangyun.kernel.findings import Refused


def refused(master="local[1]"):
    with (
        pytest.raises(Refused) as caught,
        engine("spark", Settings(master=master)),
    ):
        pass
    (finding,) = caught.value.findings
    return finding


def test_a_missing_pyspark_says_how_it_is_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    finding = refused()
    assert finding.id == "population.E008"
    assert "xiangyun[spark]" in finding.hint.en


@pytest.mark.parametrize("master", ["spark://nowhere:7077", "sc://nowhere:15002"])
def test_a_spark_that_is_not_there_is_named_with_its_address(monkeypatch, master):
    class Builder:
        def appName(self, name):
            return self

        def master(self, address):
            return self

        remote = master

        def config(self, name, value):
            return self

        def getOrCreate(self):
            raise RuntimeError("connection refused\nand a long trace")

    sql = ModuleType("pyspark.sql")
    sql.SparkSession = type("SparkSession", (), {"builder": Builder()})
    monkeypatch.setitem(sys.modules, "pyspark", ModuleType("pyspark"))
    monkeypatch.setitem(sys.modules, "pyspark.sql", sql)
    finding = refused(master)
    assert finding.id == "population.E009"
    assert f"“{master}”: connection refused" in finding.message.en
    assert "trace" not in finding.message.en
