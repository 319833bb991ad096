import numpy as np
def rotations(length, size):
    rate = 10_000.0 ** (-np.arange(0, size, 2, dtype=np.float64) / size)
    angle = np.arange(length)[:, None] * rate
    return np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)
