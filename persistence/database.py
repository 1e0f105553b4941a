"""Run plain functions of a connection in short transactions, on SQLite or PostgreSQL.

On SQLite one thread writes. It takes what is waiting (at most `GROUP`), runs each job in its own savepoint inside one
`BEGIN IMMEDIATE` transaction and commits once, so concurrent writers share one fsync and never fight for the lock.
On PostgreSQL each job is its own transaction on a pooled connection; jobs lock the rows they read before they write.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool

T = TypeVar("T")
GROUP = 64
READERS = 3
PG_CONNECTIONS = 8
BUSY_MS = 10_000
#: A PostgreSQL transaction that lost a deadlock or serialisation race is run again this often.
PG_TRIES = 4
_RETRY_STATES = frozenset({"40001", "40P01"})


@dataclass(slots=True)
class _Job:
    run: Callable[[sa.Connection], Any]
    done: Future[Any]


class Database:
    """One database, reached by `read` and `write`; both take a plain function of a `sqlalchemy.Connection`.

    `url` is a SQLAlchemy URL (`sqlite:///…` or `postgresql+psycopg://…`). A job's exception rolls that job back and is raised
    to its caller; other jobs of the same group are not touched. What `write` has returned is on disk (synchronous=FULL).
    """

    def __init__(self, url: str, *, bound: Mapping[str, Any] | None = None, pragmas: tuple[str, ...] = ()) -> None:
        """`bound` are values that jobs find in `connection.get_execution_options()`; `pragmas` are further ones of SQLite."""
        self.url = url
        options = dict(bound or {})
        self.is_sqlite = url.startswith("sqlite")
        self._closed = False
        if self.is_sqlite:
            self._writer_engine = _sqlite_engine(url, "BEGIN IMMEDIATE", options, pragmas)
            self._reader_engine = _sqlite_engine(url, "BEGIN", options, pragmas)
            self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
            self._thread = threading.Thread(target=self._write_loop, name="db-writer", daemon=True)
            self._thread.start()
            self._pool = ThreadPoolExecutor(READERS, thread_name_prefix="db-reader")
        else:
            engine = sa.create_engine(url, pool_size=PG_CONNECTIONS, max_overflow=0, pool_timeout=30, pool_pre_ping=True)
            engine = engine.execution_options(**options)
            self._writer_engine = engine
            # Several queries of one read see one state, as they do on SQLite; same pool, set back when a connection returns.
            self._reader_engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            self._pool = ThreadPoolExecutor(PG_CONNECTIONS, thread_name_prefix="db")

    async def read(self, job: Callable[[sa.Connection], T]) -> T:
        """Run a job that only reads, on a consistent snapshot of its own."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self.read_now, job)

    def read_now(self, job: Callable[[sa.Connection], T]) -> T:
        """The same, in the calling thread (CLI, tests)."""
        with self._reader_engine.connect() as connection:
            return job(connection)

    async def write(self, job: Callable[[sa.Connection], T]) -> T:
        """Run a job that writes, in one transaction; returns after the commit is durable."""
        if not self.is_sqlite:
            return await asyncio.get_running_loop().run_in_executor(self._pool, self._write_pg, job)
        return await asyncio.wrap_future(self._submit(job))

    def write_now(self, job: Callable[[sa.Connection], T]) -> T:
        """The same, blocking the calling thread (CLI, seeding, tests)."""
        if not self.is_sqlite:
            return self._write_pg(job)
        result: T = self._submit(job).result()
        return result

    def maintain(self, statement: str) -> int:
        """Run one statement outside any transaction (a checkpoint, a vacuum); the first number that it answers, or 0."""
        engine = self._writer_engine
        raw = engine.raw_connection()
        try:
            driver: Any = raw.driver_connection
            if not self.is_sqlite:
                driver.autocommit = True
            cursor = driver.cursor()
            cursor.execute(statement)
            row = cursor.fetchone() if cursor.description else None
            cursor.close()
            return int(row[0]) if row else 0
        finally:
            if not self.is_sqlite:
                raw.invalidate()
            raw.close()

    def close(self) -> None:
        """Finish what is queued and close all connections."""
        if self._closed:
            return
        self._closed = True
        if self.is_sqlite:
            self._jobs.put(None)
            self._thread.join(timeout=30)
        self._pool.shutdown(wait=True)
        self._writer_engine.dispose()
        self._reader_engine.dispose()

    def _submit(self, job: Callable[[sa.Connection], T]) -> Future[T]:
        if self._closed:
            raise RuntimeError("database is closed")
        done: Future[T] = Future()
        self._jobs.put(_Job(job, done))
        return done

    def _write_pg(self, job: Callable[[sa.Connection], T]) -> T:
        for attempt in range(PG_TRIES):
            try:
                with self._writer_engine.begin() as connection:
                    return job(connection)
            except OperationalError as error:
                if attempt + 1 == PG_TRIES or getattr(error.orig, "sqlstate", None) not in _RETRY_STATES:
                    raise
        raise AssertionError("unreachable")

    def _write_loop(self) -> None:
        stopping = False
        while not stopping:
            batch: list[_Job] = []
            first = self._jobs.get()
            if first is None:
                return
            batch.append(first)
            while len(batch) < GROUP:
                try:
                    following = self._jobs.get_nowait()
                except queue.Empty:
                    break
                if following is None:
                    stopping = True
                    break
                batch.append(following)
            self._commit_group([job for job in batch if job.done.set_running_or_notify_cancel()])

    def _commit_group(self, batch: list[_Job]) -> None:
        results: list[tuple[_Job, Any, BaseException | None]] = []
        try:
            with self._writer_engine.begin() as connection:
                for job in batch:
                    savepoint = connection.begin_nested()
                    try:
                        value = job.run(connection)
                        savepoint.commit()
                        results.append((job, value, None))
                    except BaseException as error:  # noqa: BLE001 - handed to the caller that owns this job
                        savepoint.rollback()
                        results.append((job, None, error))
        except BaseException as error:  # noqa: BLE001 - the group's commit failed: nobody's work is on disk
            for job in batch:
                job.done.set_exception(error)
            return
        for job, value, failure in results:
            if failure is None:
                job.done.set_result(value)
            else:
                job.done.set_exception(failure)


def _sqlite_engine(url: str, begin: str, options: dict[str, Any], pragmas: tuple[str, ...]) -> sa.Engine:
    engine = sa.create_engine(
        url, poolclass=QueuePool, pool_size=READERS + 1, connect_args={"check_same_thread": False}, execution_options=options
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions begin where we say, not at the driver's first write
        for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY_MS}", "foreign_keys=ON", *pragmas):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
