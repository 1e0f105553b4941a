"""What every Encoder keeps to: the lexical twin and the local encoder in its own process."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from models.client import ModelClient
from models.port import Encoder

TEXTS = ["What is my balance?", "मेरा बैलेंस कितना है", "", "x" * 20_000, "😀", "mera card block kar do"]


async def test_that_vectors_are_unit_rows_of_one_width(encoder: Encoder) -> None:
    vectors = await encoder.embed(TEXTS)
    assert (len(vectors), vectors.shape[1] in {384, 768}, vectors.dtype) == (len(TEXTS), True, np.float32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


async def test_that_the_same_text_gives_the_same_vector_in_any_company(encoder: Encoder) -> None:
    alone = await encoder.embed([TEXTS[0]])
    together = await encoder.embed(TEXTS)
    assert np.allclose(alone[0], together[0], atol=1e-5)


async def test_that_likeness_of_texts_is_likeness_of_vectors(encoder: Encoder) -> None:
    near, like, far = await encoder.embed(["block my debit card", "please block my card", "what is the weather in Pune"])
    assert near @ like > near @ far + 0.2


async def test_that_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert len(await encoder.embed([])) == 0


async def test_that_many_texts_keep_their_order(encoder: Encoder) -> None:
    texts = [f"payment number {number}" for number in range(150)]
    many = await encoder.embed(texts, deadline_s=30)
    assert np.allclose(many[[0, 70, 149]], await encoder.embed([texts[0], texts[70], texts[149]]), atol=1e-5)


async def test_that_it_says_who_it_is(encoder: Encoder) -> None:
    identity = await encoder.encoder_identity()
    assert identity.name
    assert identity.sha256


@pytest.mark.model
async def test_that_the_first_half_of_the_vectors_is_that_of_the_published_model(client: ModelClient) -> None:
    """First five components as the reference implementation computes them (transformers 5.23, torch 2.13, mean pooling)."""
    reference = {
        "I do not recognise a payment of 5000 rupees at MegaMart yesterday": [
            0.0150193,
            0.0092424,
            0.0442903,
            0.0064574,
            0.0116948,
        ],
        "mera paisa kat gaya hai lekin payment fail ho gaya, please check and refund": [
            -0.0461894,
            0.1009148,
            0.0460738,
            -0.054258,
            -0.0623438,
        ],
    }
    vectors = await client.embed(list(reference)) * np.sqrt(2)
    assert np.allclose(vectors[:, :5], np.array(list(reference.values()), dtype=np.float32), atol=1e-5)


@pytest.mark.model
async def test_that_a_message_does_not_wait_for_a_bulk_of_texts(client: ModelClient) -> None:
    bulk = asyncio.create_task(client.embed(["a rather long text about a payment that went wrong " * 4] * 60, deadline_s=60))
    await asyncio.sleep(0.05)
    await client.embed(["block my card"])
    assert not bulk.done()
    await bulk
