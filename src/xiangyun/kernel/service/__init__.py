"""A service item (事项): service.yaml, certificate, letters and examples, and the time of a case.

One kind of what a pack may hold. It knows no other kind and no process: whether the files of a pack
fit together is asked by `kernel.pack`.
"""
