"""Whole databases of a server: made beside, put in the place of another, dropped.

A database's name cannot be a parameter of a statement, so it is composed here, from names of ours.
"""

from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from geoservice.db import Query
from geoservice.errors import ConflictError, SetupError

OTHERS_CONNECTED = Query("keeping", "others_connected", int)
_MAINTENANCE = "postgres"


@dataclass(frozen=True)
class Server:
    """The server of a database, by the database's address."""

    url: str

    @property
    def database(self) -> str:
        """Name of the database."""
        info = conninfo_to_dict(self.url)
        return str(info.get("dbname") or info.get("user") or "geoservice")

    def address(self, database: str) -> str:
        """Return the address of another database of this server."""
        return make_conninfo(self.url, dbname=database)

    def create(self, database: str) -> None:
        """Make an empty database.

        Raises
        ------
        SetupError
            The account may not.
        """
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'"), database)

    def drop(self, database: str) -> None:
        """Drop a database, if it is there."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)"), database)

    def put_in_place(self, new: str, *, kept_as: str) -> None:
        """Give ``new`` the name of the database, which is kept by another name: both or neither.

        Raises
        ------
        ConflictError
            Somebody is still connected.
        """
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        with psycopg.connect(self.url) as here:
            others = OTHERS_CONNECTED.one(here)
        if others:
            raise ConflictError(
                f"{others} others are connected to {self.database}: stop what uses it, then "
                "restore again; nothing was changed",
                zh=f"还有 {others} 个连接正在使用 {self.database}：请先停止后再恢复；未作任何更改",
            )
        with psycopg.connect(self.address(_MAINTENANCE)) as conn:
            old = sql.Identifier(self.database)
            conn.execute(rename.format(old, sql.Identifier(kept_as)))
            conn.execute(rename.format(sql.Identifier(new), old))

    def _run(self, statement: sql.SQL, database: str) -> None:
        try:
            with psycopg.connect(self.address(_MAINTENANCE), autocommit=True) as conn:
                conn.execute(statement.format(sql.Identifier(database)))
        except psycopg.Error as error:
            raise SetupError(
                f"{database}: the server refuses: {error}. A restore needs an account that may "
                "make databases",
                zh=f"{database}：数据库服务器拒绝：{error}。恢复需要有权创建数据库的账户",
            ) from error
