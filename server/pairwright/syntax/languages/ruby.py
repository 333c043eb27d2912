"""How is Ruby read?

What the words of a class make is read as if it were written out: `attr_reader :size` defines
`size`, `include Deep` inherits from `Deep`, `it "works" do` is a test. A name without arguments may
be a variable or a call, and is read as neither: it is a use.
"""

import re

from pairwright.syntax.languages.language import Language
from pairwright.syntax.nesting import Heredocs

_DEFINITIONS = """
(module name: [(constant) @name
  (scope_resolution scope: (_) @container name: (constant) @name)] body: (_)? @body) @module
(class name: [(constant) @name
  (scope_resolution scope: (_) @container name: (constant) @name)] body: (_)? @body) @class
(assignment left: (constant) @name right: (call receiver: (constant) @_made
  method: (identifier) @_new block: (_ body: (_) @body))
  (#any-of? @_made "Struct" "Class" "Data" "Module") (#any-of? @_new "new" "define")) @class
(method name: (_) @name body: (_)? @body) @function
(singleton_method name: (_) @name body: (_)? @body) @function
(alias name: (_) @name) @function
(assignment left: [(constant) (global_variable)] @name) @variable
(assignment left: [(instance_variable) (class_variable)] @name) @field
((call method: (identifier) @_word arguments: (argument_list (simple_symbol) @name)) @variable
  (#any-of? @_word "attr_reader" "attr_writer" "attr_accessor" "attribute"))
((call method: (identifier) @_word arguments: (argument_list . (simple_symbol) @name)) @function
  (#any-of? @_word "alias_method" "define_method" "scope" "let" "let!"))
((call method: (identifier) @_word
  arguments: (argument_list . [(constant) (scope_resolution)] @name) block: (_)) @scope
  (#any-of? @_word "describe" "context" "feature"))
((call method: (identifier) @_word arguments: (argument_list . (string) @name)
  block: (_ body: (_)? @body)) @test
  (#any-of? @_word "it" "specify" "describe" "context" "feature" "scenario" "test" "should"))

(assignment left: (identifier) @bound)
(assignment left: [(identifier) (instance_variable)] @bound
  right: (call receiver: [(constant) (scope_resolution)] @bound_type method: (identifier) @_new)
  (#eq? @_new "new"))
(left_assignment_list (identifier) @bound)
(method_parameters (identifier) @bound)
(block_parameters (identifier) @bound)
(lambda_parameters (identifier) @bound)
[(optional_parameter name: (identifier) @bound) (keyword_parameter name: (identifier) @bound)
  (splat_parameter name: (identifier) @bound) (hash_splat_parameter name: (identifier) @bound)
  (block_parameter name: (identifier) @bound) (exception_variable (identifier) @bound)]
(for pattern: (identifier) @bound)

((call method: (identifier) @_word
  arguments: (argument_list . (string (string_content) @import_module)))
  (#any-of? @_word "require" "require_relative" "load"))
((call method: (identifier) @_word arguments: (argument_list
  . (simple_symbol) . (string (string_content) @import_module))) (#eq? @_word "autoload"))
(comment) @comment
"""

_REFERENCES = """
((call method: (identifier) @_word arguments: (argument_list (string (string_content) @import)))
  (#any-of? @_word "require" "require_relative" "load" "autoload"))
(superclass [(constant) @inherit (scope_resolution name: (constant) @inherit)])
((call !receiver method: (identifier) @_word
  arguments: (argument_list [(constant) @inherit (scope_resolution name: (constant) @inherit)]))
  (#any-of? @_word "include" "extend" "prepend"))
(call method: [(identifier) (constant) (super)] @call)
[(identifier) (constant) (instance_variable) (class_variable) (global_variable) (self)
  (super)] @read
"""

RUBY = Language(
    name="ruby",
    suffixes=(".rb", ".rake", ".gemspec", ".ru"),
    filenames=("gemfile", "rakefile"),
    grammar=("tree_sitter_ruby", "language"),
    definitions=_DEFINITIONS,
    references=_REFERENCES,
    test_path=re.compile(
        r"(?:.*/)?(?:tests?|spec)/.*|(?:.*/)?(?:test_[^/]*|[^/]*_(?:test|spec))\.rb"
    ),
    test_name=re.compile(r"test_.*"),
    module_alias=None,
    member_separators=(".", "&.", "::"),
    # It dies when it has to remember a kilobyte.
    bounds=(Heredocs(most=900),),
)
