#!/bin/sh
# Lists and static files are readable for the application's group alone (Dockerfile: 10001). nginx's workers join it.
getent group aduan >/dev/null || addgroup -g 10001 aduan
id -nG nginx | grep -qw aduan || addgroup nginx aduan
