#!/usr/bin/env python3
"""Answers a question with transformers-interpret and explains the answer, once: what `bench.jar --peers` holds the cold start of `limpid qa` against.

usage: cold_start.py FOLDER QUESTION CONTEXT
"""

import sys
import time

start = time.perf_counter()

from transformers import BertForQuestionAnswering, BertTokenizer
from transformers_interpret import QuestionAnsweringExplainer

imported = time.perf_counter()
folder, question, context = sys.argv[1:]
explainer = QuestionAnsweringExplainer(BertForQuestionAnswering.from_pretrained(folder).eval(),
                                       BertTokenizer.from_pretrained(folder))
loaded = time.perf_counter()
attributions = explainer(question, context)
explained = time.perf_counter()
print("answer:", explainer.predicted_answer)
print(" ".join(f"{token}:{value:.2f}" for token, value in attributions["start"]))
print(f"imports {imported - start:.2f} s, loading {loaded - imported:.2f} s, explaining {explained - loaded:.2f} s")
