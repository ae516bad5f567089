# Shared by bin/run and bin/test: bring this checkout to where it can be started.
# What is there is not touched. Debian packages that are missing are installed by name, with sudo
# where we are not root; where none is missing, neither is needed.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
least_postgres=15
least_node=18

say() { printf '==> %s\n' "$*"; }
fail() {
  printf '!!! %s\n' "$@" >&2
  exit 2
}

set_up() { # run | test
  local packages=()
  wanted_packages "$1"
  [ ${#packages[@]} = 0 ] || install_packages "${packages[@]}"
  (
    flock 9 # two set-ups at once would spoil each other's folders
    make_venv "$1"
    fetch_web_libraries "$1"
  ) 9>"$root/.venv.lock"
}

# ---- Debian packages ---------------------------------------------------------------------------

wanted_packages() { # what they are called may depend on the version: postgis, pgrouting
  local version
  version=$(postgres_here)
  if [ -z "$version" ] && { [ "$1" = test ] || [ -z "${GEOSERVICE_DATABASE_URL:-}" ]; }; then
    packages+=(postgis)
  fi
  find_python >/dev/null || packages+=(python3 python3-venv)
  command -v node >/dev/null || packages+=(nodejs)
  command -v npm >/dev/null || packages+=(npm)
  # Without one the dispatch book has no PDF; nobody is asked for a password for that alone.
  if ! chinese_font_here && { [ ${#packages[@]} -gt 0 ] || [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
    packages+=(fonts-noto-cjk)
  fi
  [ "$1" = test ] || return 0
  [ -e "/usr/share/postgresql/$version/extension/pgrouting.control" ] || packages+=(pgrouting)
  command -v chromium >/dev/null || packages+=(chromium)
  installed fonts-noto-cjk || [[ " ${packages[*]} " = *" fonts-noto-cjk "* ]] || packages+=(fonts-noto-cjk)
  installed libatomic1 || packages+=(libatomic1) # of the Node.js that Playwright brings
}

chinese_font_here() {
  find /usr/share/fonts /usr/local/share/fonts \( -iname '*cjk*.tt?' -o -iname '*cjk*.ot?' -o -iname 'notosanssc*' \
    -o -iname 'sourcehansans*' -o -iname 'wqy*' -o -iname 'droidsansfallback*' \) -print -quit 2>/dev/null | grep -q .
}

installed() { dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

postgres_here() { # newest major version that has its server and PostGIS
  local control version
  for control in /usr/share/postgresql/*/extension/postgis.control; do
    version=${control#/usr/share/postgresql/}
    version=${version%%/*}
    if [ -x "/usr/lib/postgresql/$version/bin/initdb" ] && [ "$version" -ge $least_postgres ]; then
      echo "$version"
    fi
  done | sort -n | tail -n 1
}

find_python() { # an interpreter that can make virtual environments
  local name
  for name in /usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11; do
    if "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  return 1
}

install_packages() {
  command -v apt-get >/dev/null || fail \
    "缺少软件包，且没有 apt-get，请自行安装 · missing, and there is no apt-get to install it: $*"
  [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || fail \
    "需要 root 或 sudo 来安装软件包 · root or sudo is needed to install packages; as root:" \
    "apt-get install $(printf '%s ' "$@" | sed 's/postgis/postgresql-NN-postgis-3/; s/pgrouting/postgresql-NN-pgrouting/')"
  say "更新软件包列表 · reading the package lists"
  as_root apt-get update -qq -o DPkg::Lock::Timeout=300
  local names=() name version
  version=$(postgres_here)
  [ -n "$version" ] || version=$(postgres_offered)
  for name in "$@"; do
    case $name in
      postgis) names+=("postgresql-$version-postgis-3") ;;
      pgrouting) names+=("postgresql-$version-pgrouting") ;;
      *) names+=("$name") ;;
    esac
  done
  say "安装软件包 · installing Debian packages: ${names[*]}"
  # Debian would make and start a cluster of its own, which nobody here asked for.
  local no_cluster=/etc/postgresql-common/createcluster.d/geoservice.conf
  as_root mkdir -p "${no_cluster%/*}"
  echo 'create_main_cluster = false' | as_root tee "$no_cluster" >/dev/null
  local output status=0
  output=$(as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
    -o DPkg::Lock::Timeout=300 "${names[@]}" 2>&1 </dev/null) || status=$?
  as_root rm -f "$no_cluster"
  [ $status = 0 ] || fail "$output" \
    "软件包安装失败 · apt-get could not install them, its words are above: ${names[*]}"
}

postgres_offered() { # newest one of the package sources that has PostGIS
  local version
  version=$(apt-cache search --names-only '^postgresql-[0-9]+-postgis-3$' |
    sed -n 's/^postgresql-\([0-9]*\)-postgis-3 .*/\1/p' | sort -n | tail -n 1)
  [ "${version:-0}" -ge $least_postgres ] || fail \
    "软件源中没有 PostgreSQL $least_postgres 以上的 PostGIS" \
    "the package sources have no PostGIS for PostgreSQL $least_postgres or newer"
  echo "$version"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif [ -t 0 ]; then
    sudo -- "$@"
  else
    sudo -n -- "$@" # nobody is there to type a password
  fi
}

# ---- Python ------------------------------------------------------------------------------------

make_venv() {
  local python venv="$root/.venv" lock="$root/requirements.lock" stamp
  python=$(find_python) || fail "没有可用的 Python 3.11+ · no usable Python 3.11 or newer (with venv)"
  [ "$1" = run ] || lock="$root/requirements-dev.lock"
  stamp="$("$python" -VV | tr '\n' ' ')$venv $(sha256sum <"$root/requirements.lock")"
  # The second lock holds all of the first, so an environment for tests serves as well.
  if ! grep -qsxF "$stamp" "$venv/made-of" || ! "$venv/bin/python" -c '' 2>/dev/null; then
    say "建立 Python 环境 · making .venv with $("$python" -V)"
    rm -rf "$venv"
    "$python" -m venv "$venv"
    install_lock "$lock"
    printf '%s\n' "$stamp" >"$venv/made-of"
    [ "$1" = run ] || sha256sum <"$lock" >>"$venv/made-of"
  elif [ "$1" = test ] && ! grep -qxF "$(sha256sum <"$lock")" "$venv/made-of"; then
    install_lock "$lock"
    sha256sum <"$lock" >>"$venv/made-of"
  fi
  if ! grep -qxF "project $(sha256sum <"$root/pyproject.toml")" "$venv/made-of"; then
    "$venv/bin/python" -m pip install -q --no-input --disable-pip-version-check --no-index \
      --no-deps --no-build-isolation --editable "$root"
    echo "project $(sha256sum <"$root/pyproject.toml")" >>"$venv/made-of"
  fi
}

install_lock() {
  say "安装锁定的 Python 包 · installing the locked Python packages of ${1##*/}"
  "$root/.venv/bin/python" -m pip install -q --no-input --disable-pip-version-check \
    --only-binary :all: --require-hashes --requirement "$1"
}

# ---- web libraries -----------------------------------------------------------------------------

fetch_web_libraries() {
  local made="$root/web/node_modules/.made-of" hash extra=(--omit=dev) node
  node=$(node -p 'process.versions.node')
  [ "${node%%.*}" -ge $least_node ] || fail "Node $node 版本过旧 · Node $node is too old: $least_node or newer is needed"
  hash=$(sha256sum <"$root/web/package-lock.json")
  [ "$1" = run ] || extra=()
  grep -qsxF "test $hash" "$made" && return
  [ "$1" = run ] && grep -qsxF "run $hash" "$made" && return
  say "获取网页库 · fetching the web libraries (npm ci)"
  # Only files are wanted: no package's install script is run (one of them reports home).
  (cd "$root/web" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error ${extra[@]+"${extra[@]}"} >/dev/null </dev/null)
  echo "$1 $hash" >"$made"
}
