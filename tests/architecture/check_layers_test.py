#!/usr/bin/env python3
"""A violation of each rule must be found, and a clean tree must pass."""

import pathlib
import tempfile
import unittest

import check_layers

LAYERS = """
group absl : absl/
group grpc : grpcpp/
low  : absl
high : absl grpc low
"""


class CheckLayersTest(unittest.TestCase):

    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self._folder.name)
        self.write('low/a.h', '#pragma once\n#include <vector>\n')
        self.write('low/a.cc', '#include "low/a.h"\n\n#include "absl/status/status.h"\n')
        self.write('high/b.h', '// Why.\n#pragma once\n#include "low/a.h"\n#include <grpcpp/grpcpp.h>\n')

    def tearDown(self):
        self._folder.cleanup()

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding='utf-8')

    def found(self):
        return list(check_layers.violations(self.root, check_layers.Layers(LAYERS)))

    def assert_found(self, *expected):
        self.assertEqual(self.found(), list(expected))

    def test_clean_tree_passes(self):
        self.assert_found()

    def test_lower_folder_may_not_include_a_higher_one(self):
        self.write('low/c.h', '#pragma once\n#include "high/b.h"\n')
        self.assert_found('low/c.h:2: low may not include high (high/b.h)')

    def test_third_party_group_must_be_allowed(self):
        self.write('low/c.h', '#pragma once\n#include <grpcpp/server.h>\n')
        self.assert_found('low/c.h:2: low may not use grpc (grpcpp/server.h)')

    def test_unknown_header_is_refused(self):
        self.write('low/c.h', '#pragma once\n#include <boost/any.hpp>\n')
        self.assert_found('low/c.h:2: boost/any.hpp belongs to no folder or group of layers.txt')

    def test_path_relative_to_the_file_is_refused(self):
        self.write('low/c.h', '#pragma once\n#include "../high/b.h"\n')
        self.assert_found('low/c.h:2: ../high/b.h belongs to no folder or group of layers.txt')

    def test_missing_header_of_ours_is_refused(self):
        self.write('low/c.h', '#pragma once\n#include "low/gone.h"\n')
        self.assert_found('low/c.h:2: low/gone.h does not exist')

    def test_header_of_a_proto_belongs_to_the_folder_of_the_proto(self):
        self.write('high/x.proto', 'syntax = "proto3";\n')
        self.write('low/c.h', '#pragma once\n#include "high/x.grpc.pb.h"\n')
        self.write('high/c.h', '#pragma once\n#include "high/x.pb.h"\n')
        self.assert_found('low/c.h:2: low may not include high (high/x.grpc.pb.h)')

    def test_own_header_comes_first(self):
        self.write('low/a.cc', '#include <vector>\n#include "low/a.h"\n')
        self.assert_found('low/a.cc: the first include must be low/a.h')

    def test_header_needs_pragma_once(self):
        self.write('low/c.h', 'int x;\n')
        self.assert_found('low/c.h: a header starts with #pragma once')

    def test_header_may_not_open_a_namespace_for_others(self):
        self.write('low/c.h', '#pragma once\nusing namespace std;\n')
        self.assert_found('low/c.h: no using namespace in a header')

    def test_new_folder_must_be_placed_in_a_layer(self):
        self.write('helpers/c.h', '#pragma once\n')
        self.assert_found('helpers/c.h: its folder is not in layers.txt')

    def test_build_output_is_not_judged(self):
        self.write('build/x.h', 'int x;\n')
        self.assert_found()

    def test_table_itself_must_be_in_dependency_order(self):
        with self.assertRaises(ValueError):
            check_layers.Layers('low : high\nhigh :\n')

    def test_folder_that_is_gone_must_leave_the_table(self):
        layers = check_layers.Layers(LAYERS + 'gone :\n')
        self.assertEqual(list(check_layers.violations(self.root, layers)), ['layers.txt: gone does not exist'])


if __name__ == '__main__':
    unittest.main()
