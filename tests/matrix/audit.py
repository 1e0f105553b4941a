"""The audit trail of a scene: linked, anchored and verified as the service does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.tokens import key_id
from runtime.audit_trail import AuditSequencer, anchor_file, read_anchors, verify

if TYPE_CHECKING:
    from tests.matrix.scene import Scene


async def link_trail(scene: Scene) -> None:
    """Link and anchor what is staged. The sequencer belongs to the process, so a restart makes another one."""
    sequencer = AuditSequencer(
        scene.first.db, key=scene.ground.audit_key, anchors=scene.ground.directory / "anchors", owner="srv_1"
    )
    await sequencer.run_once(scene.tenant, anchor=True)


def trail_flaws(scene: Scene) -> list[str]:
    """What the verification finds; empty when the chain holds."""
    anchors = read_anchors(anchor_file(scene.ground.directory / "anchors", scene.tenant))
    public = scene.ground.audit_key.public_key()
    keys = {key_id(public): public}
    found, _ = scene.first.db.read_now(lambda c: verify(c, scene.tenant, anchors, keys))
    return [f"the trail: {each.kind} at {each.n} {each.detail}" for each in found]
