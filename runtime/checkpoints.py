"""Our LangGraph saver: plain JSON, latest checkpoint only, and it only stages.

A flow's checkpoint is its resume point, nothing else. What a run of a graph writes is kept in memory and handed to the turn,
which stores it in its one commit; a turn that loses its lease leaves nothing behind. No pickle and no msgpack: a value that is
not plain JSON is an error here, so nothing else can ever be rebuilt from the database.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver, ChannelVersions, Checkpoint, CheckpointMetadata, CheckpointTuple
from langgraph.types import Interrupt

from domain.errors import Broken
from runtime.storage import tables as t
from runtime.storage.conversations import CHECKPOINT
from runtime.storage.sealing import seal, talk_key

INTERRUPT = "__interrupt__"


def _plain_write(channel: str, value: Any) -> Any:
    if channel == INTERRUPT:
        return [{"value": item.value, "id": item.id} for item in value]
    return value


def _write_of(channel: str, value: Any) -> Any:
    if channel == INTERRUPT:
        return tuple(Interrupt(value=item["value"], id=item["id"]) for item in value)
    return value


class StagingSaver(BaseCheckpointSaver[int]):
    """Keeps the threads of one turn in memory; `staged()` gives what the turn's commit has to store.

    `stored` holds the JSON of the conversation's live threads, read when the turn was claimed.
    """

    def __init__(self, stored: Mapping[str, dict[str, Any]]) -> None:
        super().__init__()
        self._threads: dict[str, dict[str, Any] | None] = dict(stored)
        self._dirty: set[str] = set()

    def staged(self) -> dict[str, dict[str, Any] | None]:
        """Threads to store (None: delete), each proven to be plain JSON."""
        for thread in self._dirty:
            try:
                json.dumps(self._threads[thread], allow_nan=False)
            except (TypeError, ValueError) as error:
                raise Broken("checkpoint_not_plain", f"thread {thread} holds a value that is not plain JSON") from error
        return {thread: self._threads[thread] for thread in self._dirty}

    def get_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        thread, namespace = config["configurable"]["thread_id"], config["configurable"].get("checkpoint_ns", "")
        data = self._threads.get(thread)
        if data is None or data["ns"] != namespace:
            return None
        wanted = config["configurable"].get("checkpoint_id")
        if wanted is not None and wanted != data["checkpoint"]["id"]:
            return None
        return CheckpointTuple(
            config={"configurable": {"thread_id": thread, "checkpoint_ns": namespace, "checkpoint_id": data["checkpoint"]["id"]}},
            checkpoint=data["checkpoint"],
            metadata=data["metadata"],
            parent_config=None,
            pending_writes=[(w["task"], w["channel"], _write_of(w["channel"], w["value"])) for w in data["writes"]],
        )

    def list(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> Iterator[CheckpointTuple]:
        found = self.get_tuple(config) if config is not None else None
        return iter([found] if found is not None else [])

    def put(
        self, config: RunnableConfig, checkpoint: Checkpoint, metadata: CheckpointMetadata, new_versions: ChannelVersions
    ) -> RunnableConfig:
        thread, namespace = config["configurable"]["thread_id"], config["configurable"].get("checkpoint_ns", "")
        keep = {"source": metadata.get("source"), "step": metadata.get("step")}
        self._threads[thread] = {"ns": namespace, "checkpoint": checkpoint, "metadata": keep, "writes": []}
        self._dirty.add(thread)
        return {"configurable": {"thread_id": thread, "checkpoint_ns": namespace, "checkpoint_id": checkpoint["id"]}}

    def put_writes(self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = "") -> None:
        data = self._threads.get(config["configurable"]["thread_id"])
        if data is None or data["checkpoint"]["id"] != config["configurable"].get("checkpoint_id"):
            return  # writes of a step whose checkpoint was not kept: the run's own put supersedes them
        self._dirty.add(config["configurable"]["thread_id"])
        kept = [w for w in data["writes"] if w["task"] != task_id or w["channel"] not in {channel for channel, _ in writes}]
        fresh = [{"task": task_id, "channel": channel, "value": _plain_write(channel, value)} for channel, value in writes]
        data["writes"] = kept + fresh

    def delete_thread(self, thread_id: str) -> None:
        self._threads[thread_id] = None
        self._dirty.add(thread_id)

    def get_next_version(self, current: int | None, channel: None) -> int:
        return (current or 0) + 1

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        return self.get_tuple(config)

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        for item in self.list(config, filter=filter, before=before, limit=limit):
            yield item

    async def aput(
        self, config: RunnableConfig, checkpoint: Checkpoint, metadata: CheckpointMetadata, new_versions: ChannelVersions
    ) -> RunnableConfig:
        return self.put(config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        self.put_writes(config, writes, task_id, task_path)

    async def adelete_thread(self, thread_id: str) -> None:
        self.delete_thread(thread_id)


def store_threads(connection: sa.Connection, tenant: str, conversation: str, staged: dict[str, dict[str, Any] | None]) -> None:
    """Write what a turn staged, sealed with its conversation's key: one row a thread, or none."""
    c = t.checkpoint.c
    for thread, data in staged.items():
        connection.execute(t.checkpoint.delete().where(c.tenant == tenant, c.thread == thread))
        if data is not None:
            sealed = seal(talk_key(connection, tenant, conversation), tenant, CHECKPOINT, thread, data)
            connection.execute(t.checkpoint.insert().values(tenant=tenant, thread=thread, data=sealed))
