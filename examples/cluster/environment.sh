# Read by scheduler and workers of a Dask cluster for calcinet cohort: . environment.sh
export DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES=0    # whose worker dies is tried again by calcinet, film by film
export DASK_DISTRIBUTED__SCHEDULER__WORKER_SATURATION=1.0 # no film is blamed for its neighbour
export DASK_DISTRIBUTED__WORKER__MEMORY__TARGET=false      # a film is in memory whole, or its process ends
export DASK_DISTRIBUTED__WORKER__MEMORY__SPILL=false
export DASK_DISTRIBUTED__WORKER__MEMORY__PAUSE=false
export DASK_DISTRIBUTED__WORKER__MEMORY__TERMINATE=0.95
export OMP_NUM_THREADS=1                                  # a process a core
