#!/usr/bin/env bash
# Packs what a Linux machine with a GPU needs to test and measure Limpid there, without Java and without Maven, into one folder (60 MB at most):
# a Java runtime, all classes and tests, the binding to CUDA, the Python scripts of the peers. Copy the folder there and call its run.sh.
#
#   tools/gpu-check.sh [FOLDER]      default: target/gpu-check
#
#   JAVA_HOME      a JDK 25; else one is searched
#   PYTHON         a Python that has captum and transformers-interpret: both are packed (default: python3)
#   MVN            how Maven is called (default: mvn -B -q)
#
# The other machine needs: the driver, a CUDA 13 toolkit or its wheels, python3; for the peers torch, transformers and safetensors.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
out=${1:-$root/target/gpu-check}
cd "$root"

fail() {
  echo "gpu-check: $1" >&2
  exit 2
}

for jdk in "${JAVA_HOME:-}" "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* /usr/lib/jvm/* /usr/java/* /opt/jdk* ''; do
  if [ -x "$jdk/bin/jlink" ] && grep -q 'JAVA_VERSION="25' "$jdk/release" 2>/dev/null; then
    break
  fi
done
[ -n "$jdk" ] || fail "a JDK 25 was not found; name its folder in JAVA_HOME"
mvn=${MVN:-mvn -B -q}
modules="tensor tokenizer bert vit attribution cuda-kernels"

# shellcheck disable=SC2086  # options are words
$mvn -DskipTests -Dinvoker.skip -pl "bench,cuda-kernels" -am package \
  org.apache.maven.plugins:maven-dependency-plugin:build-classpath -DincludeScope=test \
  -Dmdep.outputFile=target/gpu-check.classpath </dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/app/lib" "$work/app/tests" "$work/app/reference"

# The JUnit console, of the version the tests are built with.
junit=$(sed -n 's:.*<junit.version>\(.*\)</junit.version>.*:\1:p' pom.xml)
# shellcheck disable=SC2086
$mvn org.apache.maven.plugins:maven-dependency-plugin:copy -Dmdep.stripVersion=true -DoutputDirectory="$work/app" \
  -Dartifact="org.junit.platform:junit-platform-console-standalone:$junit" </dev/null

# Libraries of others: what the classes need, and what the tests that are run there need.
for file in */target/gpu-check.classpath; do
  tr ':' '\n' <"$file"
  echo
done | sort -u | while read -r jar; do
  case $(basename "$jar") in
    cuda-[0-9]*-linux-x86_64.jar)
      # Of the binding's native libraries those that are called: runtime and driver, compiler, matrix products.
      mkdir -p "$work/jni"
      (cd "$work/jni" && "$jdk/bin/jar" xf "$jar" && cd org/bytedeco/cuda/linux-x86_64 &&
        find . -mindepth 1 -maxdepth 1 ! -name libjnicudart.so ! -name libjninvrtc.so ! -name libjnicublas.so -exec rm -rf {} +)
      "$jdk/bin/jar" cf "$work/app/lib/$(basename "$jar")" -C "$work/jni" org
      ;;
    cuda-redist-*) ;;
    assertj-* | byte-buddy-* | commons-math3-* | common-* | cuda-* | imageio-* | jackson-* | javacpp-* | jmh-core-* | jopt-simple-* | picocli-* | slf4j-api-*)
      cp "$jar" "$work/app/lib/"
      ;;
  esac
done

# Our own: a jar of each module's classes (of the embedded models only those of a few megabytes), and the tests as folders.
for module in $modules demo-models bench; do
  mkdir -p "$work/classes"
  cp -r "$module/target/classes/." "$work/classes/"
  find "$work/classes" -type f -size +8M -delete
  "$jdk/bin/jar" cf "$work/app/lib/limpid-$module.jar" -C "$work/classes" .
  rm -rf "$work/classes"
done
for module in $modules; do
  mkdir -p "$work/app/tests/$module/src/test"
  cp -r "$module/target/test-classes" "$work/app/tests/$module/"
  ln -s ../../test-classes "$work/app/tests/$module/src/test/resources"
done
cp -r docs "$work/app/tests/docs"

cp -r reference/peers reference/time_peers.py reference/gpu_table.py "$work/app/reference/"
for package in captum transformers_interpret; do
  if folder=$(cd / && "${PYTHON:-python3}" -c "import importlib.util as u, os; print(os.path.dirname(u.find_spec('$package').origin))" 2>/dev/null); then
    cp -r "$folder" "$work/app/reference/"
  else
    echo "gpu-check: ${PYTHON:-python3} has no $package: its rows will not be run; name a Python that has it in PYTHON" >&2
  fi
done
find "$work/app" -name __pycache__ -prune -exec rm -rf {} +

java_modules=java.base,java.compiler,java.desktop,java.instrument,java.logging,java.management,java.net.http,java.sql,java.xml
java_modules=$java_modules,jdk.incubator.vector,jdk.jfr,jdk.management,jdk.unsupported,jdk.zipfs
"$jdk/bin/jlink" --add-modules "$java_modules" --strip-debug --no-header-files --no-man-pages --compress=zip-0 --output "$work/app/jre"

rm -rf "$out"
mkdir -p "$out"
XZ_OPT="-2 -T0" tar -C "$work/app" -cJf "$out/app.tar.xz" .
cp tools/gpu-check-run.sh "$out/run.sh"
git rev-parse HEAD >"$out/commit" 2>/dev/null || true
size=$(du -sm "$out" | cut -f1)
[ "$size" -le 60 ] || fail "$out takes $size MB, more than 60: something large has come into the class path"
echo "gpu-check: $out, $size MB; copy it to the machine with the GPU and call run.sh there"
