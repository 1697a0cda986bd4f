#!/usr/bin/env bash
# Tests and measures Limpid on this machine's GPU, from the folder that tools/gpu-check.sh packed.
#
#   run.sh [all|tests|sanitize|bench] [RESULTS]      default: all, into ./gpu-results
#
# tests     the tests of operations, models, explainers and kernels, with the device required
# sanitize  the kernels' tests under compute-sanitizer's memcheck, racecheck and initcheck, if it is installed
# bench     explanations by Limpid and by its peers in turn: results.json, table.md
#
#   DEVICE=cuda    device; with cpu, everything is tried out in F32 on tiny shapes
#   LIMIT=570      seconds that all of it may take; what would begin later is left out, and said so
#   SHAPES=…       shapes of the table (bert-large-48,bert-large-384,vit-base)
#   VARIANTS=quick ways to compile the PyTorch peer: quick, or all (many minutes: raise LIMIT)
#   PYTHON=python3 a Python with torch, transformers and safetensors
#   TEST_CLASSES   a regular expression of test classes
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
stage=${1:-all}
results=${2:-$PWD/gpu-results}
device=${DEVICE:-cuda}
limit=${LIMIT:-570}
python=${PYTHON:-python3}
case $stage in
  all | tests | sanitize | bench) ;;
  *)
    echo "run.sh: there is no stage '$stage'; there are all, tests, sanitize, bench" >&2
    exit 2
    ;;
esac
mkdir -p "$results"
results=$(cd "$results" && pwd)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar -xJf "$here/app.tar.xz" -C "$work"
raw=$work/raw
peerpath=$work/reference${PYTHONPATH:+:$PYTHONPATH}
mkdir -p "$raw/attributions"

# CUDA's libraries, from the wheels that PyTorch brings or from a toolkit.
wheels=$("$python" -c "import nvidia, glob; print(':'.join(d for p in nvidia.__path__ for d in sorted(glob.glob(p + '/*/lib'))))" 2>/dev/null || true)
export LD_LIBRARY_PATH=${wheels:+$wheels:}/usr/local/cuda/lib64${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export XDG_CACHE_HOME=$work/cache TORCHINDUCTOR_CACHE_DIR=$work/inductor PYTHONUNBUFFERED=1
case $device in
  cuda*) precisions="f32 tf32 bf16" shapes=${SHAPES:-bert-large-48,bert-large-384,vit-base} tiny='' ;;
  *) precisions=f32 shapes=${SHAPES:-bert-tiny-16,vit-tiny} tiny=--tiny ;;
esac
java=("$work/jre/bin/java" --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED
  -Dorg.bytedeco.javacpp.cachedir="$work/javacpp" -Djava.awt.headless=true)

left() {
  echo $((limit - SECONDS))
}

bench() {
  "${java[@]}" -cp "$work/lib/*" dev.limpid.bench.Bench --only explain,image --device "$device" "$@"
}

# The device must be there before anything else is worth beginning.
if ! bench --shapes bert-tiny-16 --nodes 20 --rounds 1 --gemm-size 64 >"$results/device.log" 2>&1; then
  echo "run.sh: no device: $(tail -n 1 "$results/device.log")" >&2
  exit 3
fi
{
  uname -srm
  if command -v nvidia-smi >/dev/null; then
    nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader
  fi
  grep -m 1 '^on ' "$results/device.log"
  "${java[0]}" -version 2>&1 | head -n 1
  cat "$here/commit" 2>/dev/null || true
} >"$results/machine.txt"
rm "$results/device.log"

failed=0
note() {
  echo "run.sh: $1 ($SECONDS s)"
}

# junit MODULE PATTERN [COMMAND…]: runs the module's tests, under a command if one is given.
junit() {
  local module=$1 pattern=$2
  shift 2
  (cd "$work/tests/$module" && timeout "$(left)" "$@" "${java[@]}" -Drequire.backend="$device" -Dlimpid.root="$work/tests" \
    -jar "$work/junit-platform-console-standalone.jar" execute --disable-banner --details=tree --details-theme=ascii --fail-if-no-tests \
    --class-path "test-classes:$tests:$libraries" \
    --scan-class-path test-classes --include-classname "$pattern" --exclude-classname '.*(FakeDriver|Embedded|Xquad|Published).*')
}
libraries=$(find "$work/lib" -name '*.jar' | tr '\n' ':')
# Tests of one module may build on those of another.
tests=$(find "$work/tests" -maxdepth 2 -name test-classes | tr '\n' ':')

run_tests() {
  local pattern=${TEST_CLASSES:-'.*(Ops|Gradient|Golden|Parity|Cuda|Kernel|Gemm|Attention|PathEngine|Device|Backend).*Test'}
  : >"$results/tests.log"
  for module in tensor cuda-kernels bert vit attribution; do
    if [ "$(left)" -le 0 ]; then
      note "tests of $module left out: LIMIT is over" | tee -a "$results/tests.log"
      failed=1
    elif junit "$module" "$pattern" >>"$results/tests.log" 2>&1; then
      note "tests of $module passed"
    else
      note "tests of $module FAILED, see tests.log"
      failed=1
    fi
  done
  grep -E '^\[ +[0-9]+ tests (successful|failed|aborted|skipped)' "$results/tests.log" |
    awk '{ sum[$4] += $2 } END { for (kind in sum) print "run.sh: tests " kind ": " sum[kind] }'
}

run_sanitize() {
  : >"$results/sanitize.log"
  if ! command -v compute-sanitizer >/dev/null; then
    note "compute-sanitizer is not installed: left out" | tee -a "$results/sanitize.log"
    return
  fi
  for tool in memcheck racecheck initcheck; do
    if [ "$(left)" -le 0 ]; then
      note "$tool left out: LIMIT is over" | tee -a "$results/sanitize.log"
      failed=1
    elif junit cuda-kernels "${SANITIZE_CLASSES:-.*Cuda.*(Ops|Kernel|Gemm|Attention|Device).*Test}" compute-sanitizer --tool "$tool" \
      --target-processes all --error-exitcode 9 >>"$results/sanitize.log" 2>&1; then
      note "$tool found nothing"
    else
      note "$tool FAILED, see sanitize.log"
      failed=1
    fi
  done
}

# ours SHAPE ROUND: one JSON for each precision.
ours() {
  for precision in $precisions; do
    [ "$(left)" -gt 5 ] || return 0
    timeout "$(left)" "${java[@]}" -Xmx16g -cp "$work/lib/*" dev.limpid.bench.Bench --only explain,image --device "$device" \
      --precision "$precision" --shapes "$1" --checkpoint "$work/checkpoints" --attributions "$raw/attributions" \
      --warm-up 5 --rounds 9 --json "$raw/limpid-$precision-$1-$2.json" >>"$results/bench.log" 2>&1 || {
      note "Limpid on $1 in $precision FAILED, see bench.log"
      failed=1
    }
  done
}

peers() {
  local seconds=$2
  PYTHONPATH=$peerpath timeout "$(left)" "$python" "$work/reference/time_peers.py" --device "$device" --shapes "$1" \
    --checkpoint "$work/checkpoints" --attributions "$raw/attributions" --variants "${VARIANTS:-quick}" --seconds "$seconds" \
    --rows "$rows" $tiny --out "$raw/peers-$1.jsonl" >>"$results/bench.log" 2>&1 || {
    note "the peers on $1 FAILED, see bench.log"
    failed=1
  }
}

run_bench() {
  : >"$results/bench.log"
  bench --shapes "$shapes" --write-checkpoint "$work/checkpoints" >>"$results/bench.log" 2>&1
  note "weights and inputs written"
  rows=rates,pytorch-f32,pytorch-tf32,pytorch-bf16
  ! PYTHONPATH=$peerpath "$python" -c 'import captum' 2>/dev/null || rows=captum,$rows
  ! PYTHONPATH=$peerpath "$python" -c 'import transformers_interpret' 2>/dev/null || rows=interpret,$rows
  local count=0 share
  for shape in ${shapes//,/ }; do
    count=$((count + 1))
  done
  for shape in ${shapes//,/ }; do
    # Half a minute for each shape is Limpid's own; a variant that has begun runs on.
    share=$(($(left) / count - 60))
    count=$((count - 1))
    ours "$shape" 1
    peers "$shape" "$((share > 20 ? share : 20))"
    ours "$shape" 2
    note "measured $shape"
  done
  cp "$results/machine.txt" "$raw/"
  PYTHONPATH=$peerpath "$python" "$work/reference/gpu_table.py" "$raw" $tiny --title "Explanations on a GPU"
  cp "$raw/table.md" "$raw/results.json" "$results/"
  tar -C "$raw" -czf "$results/raw.tar.gz" .
  cat "$results/table.md"
}

for each in tests bench sanitize; do
  if [ "$stage" = all ] || [ "$stage" = "$each" ]; then
    "run_$each"
  fi
done
note "done; results in $results"
exit $failed
