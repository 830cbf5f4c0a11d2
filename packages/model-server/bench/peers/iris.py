"""Writes the example's rule as a scikit-learn model: iris.py COEFFICIENTS.json MODEL.joblib"""
import json
import sys

import joblib
import numpy
from sklearn.linear_model import LogisticRegression

with open(sys.argv[1]) as file:
    rule = json.load(file)
model = LogisticRegression()
model.classes_ = numpy.array(rule["labels"])
model.coef_ = numpy.array(rule["coefficients"]).reshape(len(rule["labels"]), -1)
model.intercept_ = numpy.array(rule["intercepts"])
model.n_features_in_ = model.coef_.shape[1]
joblib.dump(model, sys.argv[2])
