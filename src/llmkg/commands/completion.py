"""``llmkg completion``: a script that lets a shell complete commands, options, queries and their values."""

from __future__ import annotations

import argparse

from llmkg.commands.printing import print_text

__all__ = ["add_arguments", "run"]

_BASH = """\
# Completion of llmkg for bash. Load it with: eval "$(llmkg completion bash)"
_llmkg() {
  local line IFS=$'\\n' LC_ALL=C
  line="${COMP_LINE:0:COMP_POINT}"
  COMPREPLY=($(command llmkg complete bash "$line" 2>/dev/null))
  if [[ ${#COMPREPLY[@]} -gt 0 && ${COMPREPLY[0]} == *[=:] ]]; then
    compopt -o nospace
  fi
}
complete -o bashdefault -o default -o nosort -F _llmkg llmkg 2>/dev/null || complete -o default -F _llmkg llmkg
"""
_ZSH = """\
#compdef llmkg
# Completion of llmkg for zsh. Load it, after compinit, with: eval "$(llmkg completion zsh)"
_llmkg() {
  local -a found plain open shown_plain shown_open
  local line value
  found=("${(@f)$(command llmkg complete words "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  for line in "${found[@]}"; do
    [[ -n "$line" ]] || continue
    value="${line%%$'\\t'*}"
    if [[ "$value" == *[=:] ]]; then
      open+=("$value"); shown_open+=("${line/$'\\t'/  -- }")
    else
      plain+=("$value"); shown_plain+=("${line/$'\\t'/  -- }")
    fi
  done
  if (( ${#plain} + ${#open} == 0 )); then
    _files
    return
  fi
  (( ${#plain} )) && compadd -l -V llmkg -d shown_plain -- "${plain[@]}"
  (( ${#open} )) && compadd -l -V llmkg -S '' -d shown_open -- "${open[@]}"
}
compdef _llmkg llmkg
"""
_FISH = """\
# Completion of llmkg for fish. Load it with: llmkg completion fish | source
function __llmkg_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct | string unescape)
    test -n "$current"; or set current ''
    command llmkg complete words $before[2..-1] $current 2>/dev/null
end
complete -c llmkg -k -a '(__llmkg_complete)'
"""
_SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("shell", metavar="SHELL", choices=tuple(_SCRIPTS), help=", ".join(_SCRIPTS))


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    return print_text(options, _SCRIPTS[options.shell])
