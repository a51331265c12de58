#!/bin/sh
# The list as file block.txt on an SFTP server: ADUAN_SFTP (user@host), in folder ADUAN_SFTP_FOLDER. It appears whole
# or not at all. SFTP_OPTIONS may name key, port and known hosts: -i key -P 2222 -o UserKnownHostsFile=…
. "$(dirname "$0")/common.sh"
# shellcheck disable=SC2086 # several options
sftp -q -b - ${SFTP_OPTIONS:-} "${ADUAN_SFTP:?user@host}" > /dev/null <<BATCH
cd ${ADUAN_SFTP_FOLDER:-.}
put $numbers block.txt.part
rename block.txt.part block.txt
BATCH
report
