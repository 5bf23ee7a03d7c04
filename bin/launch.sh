# Sourced by the launchers, which set:
#   root      the directory of the clone
#   modules   the modules that the program consists of; the last one holds its main class
#   main      its main class
#
# Finds a Java, builds the program if it was never built or a source is newer, and becomes that
# Java. Whatever it has to say goes to standard error; standard output belongs to the program.

say() { printf '%s: %s\n' "$command" "$*" >&2; }

die() {
  status=$1
  shift
  say "$@"
  exit "$status"
}

# Sets `feature` (25) and `release` (25.0.3) to those of a Java home; fails if it is none.
read_release() {
  feature= release=
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  while IFS= read -r line; do
    case $line in
      JAVA_VERSION=*)
        release=${line#*=}
        release=${release#\"}
        release=${release%%\"*}
        ;;
    esac
  done <"$1/release"
  feature=${release%%[!0-9]*}
  [ -n "$feature" ]
}

# Takes a Java home if it is new enough: at once if it is as new as `wanted`, else as a fallback.
consider() {
  [ -n "$1" ] && read_release "$1" || return 1
  if [ "$feature" -ge "$2" ]; then
    java_home=$1 java_feature=$feature java_release=$release
    return 0
  fi
  if [ -z "$java_home" ] && [ "$feature" -ge 21 ]; then
    java_home=$1 java_feature=$feature java_release=$release
  fi
  return 1
}

find_java() {
  java_home=
  consider "${PAWL_JAVA_HOME:-}" 21 && return
  consider "${JAVA_HOME:-}" 25 && return
  consider "${JAVA25_HOME:-}" 25 && return
  java=$(command -v java) && java=$(readlink -f "$java") && consider "${java%/bin/java}" 25 && return
  for home in /usr/lib/jvm/* /opt/* "${HOME:-/root}"/.sdkman/candidates/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    consider "$home" 25 && return
  done
  [ -n "$java_home" ] || die 69 "needs Java 21 or newer (25 is recommended);" \
    "none was found. Install one, or set PAWL_JAVA_HOME."
}

# True if the program was built and nothing has changed since. Directories count: a file that was
# deleted leaves no other trace.
up_to_date() {
  [ -f "$built/app" ] && [ -f "$built/stamp" ] || return 1
  read -r app <"$built/app"
  [ -d "$built/$app" ] || return 1
  set -- "$root/pom.xml"
  for each in $modules; do
    set -- "$@" "$root/$each/pom.xml" "$root/$each/src/main"
  done
  [ -z "$(find "$@" -newer "$built/stamp" 2>/dev/null | head -n 1)" ]
}

# Runs up to one build at a time in this clone. flock goes with the process that holds it, and
# Maven inherits it: it stays taken while an orphaned Maven is still at work.
with_lock() {
  mkdir -p "$root/target"
  if command -v flock >/dev/null 2>&1; then
    exec 9>"$root/target/launch.lock"
    flock -n 9 || {
      say "waiting for another build to end"
      flock 9
    }
    "$@"
    exec 9>&-
  else
    lock=$root/target/launch.lock.d
    take_lock
    trap 'rm -rf "$lock"' EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    "$@"
    rm -rf "$lock"
    trap - EXIT HUP INT TERM
  fi
}

# Without flock: a directory with the holder's process id. One whose holder is gone is moved
# away, which only one of those who wait can do.
take_lock() {
  told=
  until mkdir "$lock" 2>/dev/null; do
    holder=$(cat "$lock/pid" 2>/dev/null) || holder=
    if [ -z "$holder" ]; then
      sleep 1
      holder=$(cat "$lock/pid" 2>/dev/null) || holder=none
    fi
    if ! kill -0 "$holder" 2>/dev/null; then
      mv "$lock" "$lock.$$" 2>/dev/null && rm -rf "$lock.$$"
      continue
    fi
    [ -n "$told" ] || say "waiting for another build to end"
    told=yes
    sleep 1
  done
  echo $$ >"$lock/pid"
}

build() {
  up_to_date && return
  command -v mvn >/dev/null 2>&1 || die 69 "needs Maven (mvn) to build; none is on the path."
  say "building, which takes a minute at first"

  # A build that was cut short may have left half a class file behind.
  if [ -e "$root/target/launch.unfinished" ]; then
    for part in "$root"/*/target/launch; do
      rm -rf "$part/classes" "$part/generated-sources" "$part/maven-status" "$part"/*.jar
    done
  fi
  : >"$root/target/launch.unfinished"
  mkdir -p "$built"
  : >"$built/stamp.new"
  rm -rf "$built/lib"

  maven -o >"$root/target/launch.log" 2>&1 || {
    if grep -q -e 'offline' -e 'has not been downloaded' "$root/target/launch.log"; then
      maven >&2
    else
      cat "$root/target/launch.log" >&2
      false
    fi
  } || die 70 "the build has failed; see above."

  # Programs that run from an older build keep their jars; only those of yesterday go.
  find "$built" -name 'app-*' -prune -type d -mtime +0 -exec rm -rf {} + 2>/dev/null
  app=app-$(date +%Y%m%d%H%M%S)-$$
  cp "$built"/pawl-*.jar "$built/lib/" &&
    mv "$built/lib" "$built/$app" &&
    mv "$built/stamp.new" "$built/stamp" &&
    echo "$app" >"$built/app.new" &&
    mv "$built/app.new" "$built/app" ||
    die 70 "cannot write below $built."
  rm -f "$root/target/launch.unfinished"
}

maven() (
  cd "$root" || exit
  export JAVA_HOME="$java_home"
  [ "$java_feature" -lt 25 ] || export JAVA25_HOME="${JAVA25_HOME:-$java_home}"
  exec mvn "$@" -B -q -Dquick -Dpawl.target=target/launch -pl "${modules##* }" -am package </dev/null
)

launch() {
  command=${0##*/}
  built=$root/${modules##* }/target/launch
  find_java
  up_to_date || with_lock build

  class_path=
  for jar in "$built/$app"/*.jar; do
    class_path=${class_path:+$class_path:}$jar
  done
  # An archive of parsed classes, which the JVM makes and checks itself, one for each Java.
  key=$(printf '%s' "$java_home $java_release" | cksum)
  archive=$built/$app/${key%% *}.jsa

  set -- "--class-path=$class_path" "$main" "$@"
  # A JVM cannot ask whether its standard error is a terminal.
  [ ! -t 2 ] || [ "${TERM:-dumb}" = dumb ] || set -- -Dpawl.terminal=true "$@"
  [ "$java_feature" -lt 24 ] || set -- -Xlog:aot=off --sun-misc-unsafe-memory-access=allow "$@"
  set -f
  # shellcheck disable=SC2086 # several options in one variable
  exec "$java_home/bin/java" --enable-native-access=ALL-UNNAMED \
    -XX:+AutoCreateSharedArchive "-XX:SharedArchiveFile=$archive" -Xshare:auto \
    -Xlog:cds=off ${PAWL_JAVA_OPTS:-} "$@"
}
