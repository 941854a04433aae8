"""The peer of bench/directions.ts: scikit-learn's solvers on the same codes and labels.

Usage: directions.py ROWS.npy LABELS.npy, float32 [n,d] and [n,A]. Prints JSON: for l1 and l2 the seconds and objectives of one
solver each. newton-cholesky beat lbfgs by about four on such codes; liblinear stands for l1 without a race against saga, and
penalises the intercept, so that its objectives are a little above the optimum.
"""
import json
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression

warnings.simplefilter("ignore")
rows = np.load(sys.argv[1]).astype(np.float64)
labels = np.load(sys.argv[2])


def objective(w, b, label, penalty):
    margin = (2 * label - 1) * (rows @ w + b)
    size = np.abs(w).sum() if penalty == "l1" else w @ w / 2
    return float(size + np.logaddexp(0, -margin).sum())


result = {"version": sklearn.__version__}
for penalty, solver, tol in [("l1", "liblinear", 1e-4), ("l2", "newton-cholesky", 1e-4)]:
    seconds = 0.0
    objectives = []
    for label in labels.T:
        start = time.perf_counter()
        model = LogisticRegression(penalty=penalty, solver=solver, tol=tol, max_iter=1000).fit(rows, label)
        seconds += time.perf_counter() - start
        objectives.append(objective(model.coef_[0], model.intercept_[0], label, penalty))
    result[penalty] = {"solver": solver, "seconds": seconds, "objectives": objectives}
print(json.dumps(result))
