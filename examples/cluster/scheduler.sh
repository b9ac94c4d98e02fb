#!/bin/sh
# On the head of the cluster: sh scheduler.sh
. "$(dirname "$0")/environment.sh"
exec dask scheduler --port 8786
