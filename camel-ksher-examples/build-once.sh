# Licensed under the Apache License, Version 2.0: see LICENSE.
# shellcheck shell=sh
# Sourced by the run scripts of the examples.

# build_once EXAMPLE MODULE...: builds the example, if that was not done or if its sources are newer. The modules are those of this
# repository that it needs. Sets jar.
build_once() {
  example=$1
  shift
  root=$(CDPATH='' cd -- "$here/../.." && pwd -P)
  jar=$here/target/camel-ksher-example-$example-1.0.0-SNAPSHOT.jar
  # Written after a whole build only: a build that was killed leaves none.
  built=$here/target/built
  # The sources of the modules take the place of their names.
  for module in "$@"; do
    shift
    set -- "$@" "$root/$module/src/main"
  done
  if [ -f "$built" ] && [ -f "$jar" ] &&
    [ -z "$(find "$here/src/main" "$here/pom.xml" "$@" "$root/pom.xml" -type f -newer "$built" 2>/dev/null | head -n 1)" ]; then
    return
  fi
  command -v mvn >/dev/null 2>&1 || { echo "run needs Maven (mvn) to build itself the first time" >&2; exit 1; }
  echo "Building $example and what it needs of this repository. This happens once and takes a few minutes." >&2
  rm -f "$built"
  # There if a build was killed, of this example or another: what it left half-written would look new, so nothing of it is used.
  clean=
  for killed in "$root"/camel-ksher-examples/*/.building; do
    if [ -e "$killed" ]; then clean=clean; fi
  done
  : > "$here/.building"
  stamp=$(mktemp)
  whole=$(mktemp)
  # Only what the program needs: no tests, documentation, sources, checks or reformatting. A line for each module says how far it is.
  {
    mvn -B -Dstyle.color=never -f "$root/pom.xml" -pl "camel-ksher-examples/$example" -am -Dmaven.test.skip=true \
      -Dmaven.javadoc.skip -Dmaven.source.skip -Dcyclonedx.skip -Dcheckstyle.skip -Dlicense.skipAddThirdParty \
      -Dmdep.analyze.skip -Dspotless.skip -Dspotless.apply.skip -Dsort.skip -Denforcer.skip $clean package </dev/null 2>&1 &&
      echo whole > "$whole"
  } | {
    downloads=0
    while IFS= read -r line; do
      case $line in
        "[INFO] Building "*"/"*"]")
          line=${line#"[INFO] Building "}
          echo "  ${line%% [0-9]*} [${line##*[}"
          ;;
        *"Downloading from "*)
          # Libraries, the first time only.
          downloads=$((downloads + 1))
          [ $((downloads % 100)) -ne 1 ] || echo "  downloading libraries"
          ;;
        "[ERROR]"*) echo "$line" ;;
      esac
    done
  } >&2
  if [ ! -s "$whole" ]; then
    rm -f "$stamp" "$whole"
    echo "The build failed, see above." >&2
    exit 1
  fi
  rm -f "$whole"
  # What was changed while it was building is newer than the mark.
  touch -r "$stamp" "$built.tmp"
  rm -f "$stamp" "$here/.building"
  mv "$built.tmp" "$built"
}
