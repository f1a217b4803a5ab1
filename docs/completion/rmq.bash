# Completion of rmq for bash: put this file into /usr/share/bash-completion/completions as rmq, or source it.

_rmq_words() {
  # What the cluster has; nothing if it does not answer at once.
  timeout 2 rmq "$@" --connect-timeout 1000 2>/dev/null
}

_rmq() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  local command='' index=1 places=0 common=()
  local flags='--namesrv --json --credentials --namespace --tls --tls-ca --tls-cert --tls-key --tls-insecure --tls-any-host
    --connect-timeout --color --verbose --help --version'
  COMPREPLY=()
  # The command, how many words stand behind it, and the options that a question to the cluster needs.
  while ((index < COMP_CWORD)); do
    case ${COMP_WORDS[index]} in
      -n | --namesrv | --credentials | --namespace | --tls-ca | --tls-cert | --tls-key)
        common+=("${COMP_WORDS[index]}" "${COMP_WORDS[index + 1]}")
        ((index++))
        ;;
      --tls | --tls-insecure | --tls-any-host) common+=("${COMP_WORDS[index]}") ;;
      --connect-timeout | --color | -s | --since | -u | --until | -c | --count | -q | --queue | --filter | --sql | -o | --format | \
        -t | --tag | -k | --keys | --key | -p | --property | --order-key | --delay-level | --deliver-at | --group | --to | --id)
        ((index++))
        ;;
      -*) ;;
      *)
        if [[ -z $command ]]; then command=${COMP_WORDS[index]}; else ((places++)); fi
        ;;
    esac
    ((index++))
  done

  case $before in
    --credentials | --tls-ca | --tls-cert | --tls-key)
      mapfile -t COMPREPLY < <(compgen -f -- "$word")
      return
      ;;
    --color)
      mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$word")
      return
      ;;
    --to | -s | --since | -u | --until)
      mapfile -t COMPREPLY < <(compgen -W 'first last 10m 1h 1d' -- "$word")
      return
      ;;
    --group)
      mapfile -t COMPREPLY < <(compgen -W "$(_rmq_words "${common[@]}" groups)" -- "$word")
      return
      ;;
    # Their values are the user's own.
    -n | --namesrv | --namespace | --connect-timeout | -c | --count | -q | --queue | --filter | --sql | -o | --format | -t | --tag | \
      -k | --keys | --key | -p | --property | --order-key | --delay-level | --deliver-at | --id)
      return
      ;;
  esac

  if [[ $word == -* ]]; then
    case $command in
      topics) flags+=' --all --long' ;;
      topic) flags+=' --route --groups' ;;
      groups) flags+=' --long' ;;
      group) flags+=' --members' ;;
      send) flags+=' --tag --keys --property --order-key --delay-level --deliver-at --group --whole --skip-empty' ;;
      read) flags+=' --since --until --count --follow --queue --filter --sql --format --raw' ;;
      message) flags+=' --key --since --until --count --format --raw' ;;
      reset) flags+=' --to --queue --dry-run --yes' ;;
      dlq) flags+=' --since --until --count --id --resend --dry-run --yes --format --raw' ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$word")
    return
  fi
  case $command:$places in
    :*) mapfile -t COMPREPLY < <(compgen -W 'topics topic groups group send read message reset dlq' -- "$word") ;;
    topic:0 | send:0 | read:0 | message:0 | reset:1)
      mapfile -t COMPREPLY < <(compgen -W "$(_rmq_words "${common[@]}" topics)" -- "$word")
      ;;
    group:0 | reset:0 | dlq:0) mapfile -t COMPREPLY < <(compgen -W "$(_rmq_words "${common[@]}" groups)" -- "$word") ;;
    send:*) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
  esac
}

complete -F _rmq rmq
