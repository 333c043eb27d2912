#!/usr/bin/env bash
# Copies a file beside itself.
set -eu
