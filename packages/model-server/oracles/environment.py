"""Makes a virtual environment with the packages of a requirements file: environment.py FOLDER REQUIREMENTS

The environment is whole once it has a file `complete`. Of those that want it at the same time one makes it and the others wait.
The lock is the kernel's and ends with its holders, which are this process and the two that it runs: whoever gets it after a crash
knows that nobody writes into the folder any more.
"""

import fcntl
import shutil
import subprocess
import sys
from pathlib import Path

folder = Path(sys.argv[1])
requirements = sys.argv[2]
complete = folder / "complete"

folder.parent.mkdir(parents=True, exist_ok=True)
with open(f"{folder}.making", "w") as lock:
    fcntl.flock(lock, fcntl.LOCK_EX)
    if not complete.exists():
        if folder.exists():
            shutil.rmtree(folder)
        for command in (
            [sys.executable, "-m", "venv", folder],
            [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements],
        ):
            code = subprocess.run(command, pass_fds=[lock.fileno()]).returncode
            if code != 0:
                sys.exit(code if code > 0 else 1)
        complete.touch()
