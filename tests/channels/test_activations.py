"""New rules at the real service: signed by two over REST, taken over without a restart, and asked by the next decision."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from policy.packs import SHIPPED, load_pack
from tests.support.officer import Officer, hire
from tests.support.service import LiveService, start_service

pytestmark = pytest.mark.asyncio(loop_scope="module")
REASON = "Read and agreed."


def stop_blocking(directory: Path) -> str:
    """The shipped pack, version 99: nobody's card is blocked without a person. Returns its digest."""
    shutil.copytree(SHIPPED / "in-rbi", directory / "in-rbi", dirs_exist_ok=True)
    path = directory / "in-rbi" / "pack.yaml"
    head = yaml.safe_load(path.read_text())
    path.write_text(yaml.dump(head | {"version": 99}, sort_keys=False))
    (directory / "in-rbi" / "extra.yaml").write_text(
        yaml.dump(
            {
                "rules": [
                    {
                        "id": "BLOCK-BY-PERSON", "layer": "bank", "concern": "risk", "actions": ["block_card"], "when": "true",
                        "verdict": "human", "role": "operations", "on_missing": "human",
                        "reasons": {"staff": "A person blocks cards.", "customer": "person_checks"}, "source": "a test",
                        "confidence": "P", "valid_from": "2020-01-01",
                    }
                ]
            }
        )
    )  # fmt: skip
    return load_pack(directory / "in-rbi").digest


async def block(officer: Officer, card: str) -> dict[str, Any]:
    action = {"action": "block_card", "card": card, "reason": "suspected_fraud"}
    wish = {"action": action, "customer": "C001", "reason": "A letter came in.", "key": card}
    status, body = await officer.call("POST", "/v1/proposals", wish)
    assert status == 201, body
    return dict(body)


@pytest.mark.process  # seconds; the long half has the time
async def test_two_persons_put_new_rules_into_force_while_the_service_runs(tmp_path: Path) -> None:
    policy = tmp_path / "policy"
    shutil.copytree(SHIPPED / "in-rbi", policy / "in-rbi")
    live = await start_service(tmp_path / "data", policy_dir=policy)
    try:
        await _activated(live, policy)
    finally:
        await live.stop()


async def _activated(live: LiveService, policy: Path) -> None:
    lena, asif = [await hire(live, name, "policy_admin").sign_in() for name in ("lena", "asif")]
    meera, ravi = [await hire(live, name, "operations").sign_in() for name in ("meera", "ravi")]
    digest = stop_blocking(policy)
    status, put_up = await lena.call("POST", "/v1/activations", {"kind": "pack", "reason": "A person blocks."})
    assert (status, put_up["digest"], put_up["version"]) == (201, digest, "99"), put_up
    where, word = f"/v1/activations/{put_up['id']}/sign-off", {"value": "approve", "digest": digest, "reason": REASON}
    assert (await meera.call("POST", where, word))[1]["code"] == "permission_missing"
    assert (await lena.call("POST", where, word))[1]["state"] == "proposed"
    assert (await asif.call("POST", where, word))[1]["state"] == "complete"
    assert (await asif.call("GET", "/v1/activations"))[1]["running"]["pack"] == "in-rbi@99"

    asked = await block(meera, "K-001")

    assert (asked["state"], asked["decision"]["rules"][-1]) == ("awaiting_human", "BLOCK-BY-PERSON")
    shown = (await ravi.call("GET", f"/v1/approvals/{asked['proposal']}"))[1]
    word = {"value": "approve", "digest": shown["digest"], "reason": REASON}
    where = f"/v1/approvals/{asked['proposal']}/sign-off"
    assert (await meera.call("POST", where, word))[1]["code"] == "sign_off_own"
    assert (await ravi.call("POST", where, word))[1]["state"] == "succeeded"
    assert (await live.export())["cards"]["K-001"]["status"].startswith("blocked")
