"""Other systems: what connectors (connectors/*.yaml) declare, and how their messages are made."""

from xiangyun.kernel.connector.check import check_connector, rehearse_connector
from xiangyun.kernel.connector.model import Connector
from xiangyun.kernel.connector.reader import read_connector

__all__ = ["Connector", "check_connector", "read_connector", "rehearse_connector"]
