from importlinter.cli import lint_imports


def test_imports_point_downwards():
    assert lint_imports(no_cache=True) == 0
