# Read by scheduler and workers of a Dask cluster for calcinet cohort: . environment.sh
export DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES=0    # whose worker dies is tried again by calcinet, film by film
export DASK_DISTRIBUTED__SCHEDULER__WORKER_SATURATION=1.0 # no film is blamed for its neighbour
export OMP_NUM_THREADS=1                                  # a process a core
