"""How small can a real model file be? Random weights over bytes: gibberish, from a real server."""

import random
import struct
from array import array
from pathlib import Path

_WIDTH, _HIDDEN, _HEADS = 32, 64, 2
_ALIGNMENT = 32
_U32, _F32, _I32, _TEXT, _LIST = 4, 6, 5, 8, 9
_TOKENS = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), "▁"]
_UNKNOWN, _CONTROL, _NORMAL, _BYTE = 2, 3, 1, 6
_TEMPLATE = "{% for message in messages %}{{ message.content }}\n{% endfor %}"


def write_tiny_model(path: Path) -> None:
    """Write a llama of one layer that reads and writes single bytes (format GGUF, version 3)."""
    facts = _facts()
    tensors = _tensors()
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(facts)) + b"".join(facts)
    body = b""
    for name, (shape, values) in tensors.items():
        head += _string(name) + struct.pack("<I", len(shape))
        head += struct.pack(f"<{len(shape)}Q", *shape) + struct.pack("<IQ", 0, len(body))
        body += _padded(values.tobytes())
    path.write_bytes(_padded(head) + body)


def _facts() -> list[bytes]:
    kinds = [_UNKNOWN, _CONTROL, _CONTROL, *[_BYTE] * 256, _NORMAL]
    numbers = {
        "llama.context_length": 8192,
        "llama.embedding_length": _WIDTH,
        "llama.block_count": 1,
        "llama.feed_forward_length": _HIDDEN,
        "llama.attention.head_count": _HEADS,
        "llama.attention.head_count_kv": _HEADS,
        "llama.rope.dimension_count": _WIDTH // _HEADS,
        "tokenizer.ggml.unknown_token_id": 0,
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
    }
    texts = {
        "general.architecture": "llama",
        "tokenizer.ggml.model": "llama",
        "tokenizer.chat_template": _TEMPLATE,
    }
    return [
        *(_fact(name, _TEXT, _string(text)) for name, text in texts.items()),
        *(_fact(name, _U32, struct.pack("<I", number)) for name, number in numbers.items()),
        _fact("llama.attention.layer_norm_rms_epsilon", _F32, struct.pack("<f", 1e-5)),
        _list("tokenizer.ggml.tokens", _TEXT, [_string(token) for token in _TOKENS]),
        _list("tokenizer.ggml.scores", _F32, [struct.pack("<f", 0.0)] * len(_TOKENS)),
        _list("tokenizer.ggml.token_type", _I32, [struct.pack("<i", kind) for kind in kinds]),
    ]


def _tensors() -> dict[str, tuple[tuple[int, ...], "array[float]"]]:
    chance = random.Random(0)

    def noise(*shape: int) -> tuple[tuple[int, ...], "array[float]"]:
        count = shape[0] * shape[1]
        return shape, array("f", (chance.gauss(0, 0.3) for _ in range(count)))

    ones = (_WIDTH,), array("f", [1.0] * _WIDTH)
    return {
        "token_embd.weight": noise(_WIDTH, len(_TOKENS)),
        "output.weight": noise(_WIDTH, len(_TOKENS)),
        "output_norm.weight": ones,
        "blk.0.attn_norm.weight": ones,
        "blk.0.ffn_norm.weight": ones,
        "blk.0.attn_q.weight": noise(_WIDTH, _WIDTH),
        "blk.0.attn_k.weight": noise(_WIDTH, _WIDTH),
        "blk.0.attn_v.weight": noise(_WIDTH, _WIDTH),
        "blk.0.attn_output.weight": noise(_WIDTH, _WIDTH),
        "blk.0.ffn_gate.weight": noise(_WIDTH, _HIDDEN),
        "blk.0.ffn_up.weight": noise(_WIDTH, _HIDDEN),
        "blk.0.ffn_down.weight": noise(_HIDDEN, _WIDTH),
    }


def _string(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


def _fact(name: str, kind: int, value: bytes) -> bytes:
    return _string(name) + struct.pack("<I", kind) + value


def _list(name: str, kind: int, values: list[bytes]) -> bytes:
    return _fact(name, _LIST, struct.pack("<IQ", kind, len(values)) + b"".join(values))


def _padded(raw: bytes) -> bytes:
    return raw + bytes(-len(raw) % _ALIGNMENT)
