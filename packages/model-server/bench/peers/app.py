"""The usual way to serve a scikit-learn model by FastAPI; an async route, as a plain one would go through a thread pool."""
import os

import joblib
import numpy
from fastapi import FastAPI
from pydantic import BaseModel

model = joblib.load(os.environ["MODEL"])
app = FastAPI()


class Request(BaseModel):
    instances: list[list[float]]


@app.post("/v1/models/iris:predict")
async def predict(request: Request):
    return {"predictions": model.predict(numpy.asarray(request.instances)).tolist()}
