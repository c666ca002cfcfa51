/**
 * One query per grammar. Captures: `import` the node that names what is imported, `function` a function with its own
 * figures, `branch` a decision that also nests, `flat` a decision that does not, `nest` a block that nests without deciding.
 */

const script = `
  (import_statement source: (string) @import)
  (export_statement source: (string) @import)
  (call_expression function: (import) arguments: (arguments . (string) @import))
  ((call_expression function: (identifier) @name arguments: (arguments . (string) @import)) (#eq? @name "require"))
  [(function_declaration) (function_expression) (generator_function) (generator_function_declaration) (arrow_function) (method_definition)] @function
  [(if_statement) (for_statement) (for_in_statement) (while_statement) (do_statement) (catch_clause)] @branch
  (switch_statement) @nest
  [(switch_case) (ternary_expression)] @flat
  (binary_expression operator: ["&&" "||" "??"]) @flat`;

const typescript = `${script}
  (import_require_clause source: (string) @import)`;

export const syntaxQueries: { readonly [grammar: string]: string } = {
  typescript,
  tsx: typescript,
  javascript: script,
  python: `
    [(import_statement) (import_from_statement)] @import
    (function_definition) @function
    [(if_statement) (for_statement) (while_statement) (except_clause)] @branch
    [(match_statement) (with_statement)] @nest
    [(elif_clause) (conditional_expression) (boolean_operator) (if_clause) (for_in_clause)] @flat
    ((case_clause (case_pattern) @pattern) @flat (#not-eq? @pattern "_"))`,
  go: `
    (import_spec path: (_) @import)
    [(function_declaration) (method_declaration) (func_literal)] @function
    [(if_statement) (for_statement)] @branch
    [(expression_switch_statement) (type_switch_statement) (select_statement)] @nest
    [(expression_case) (type_case) (communication_case)] @flat
    (binary_expression operator: ["&&" "||"]) @flat`,
  java: `
    (import_declaration) @import
    (package_declaration) @package
    [(method_declaration) (constructor_declaration) (lambda_expression)] @function
    [(if_statement) (for_statement) (enhanced_for_statement) (while_statement) (do_statement) (catch_clause)] @branch
    (switch_expression) @nest
    ((switch_label) @flat (#not-match? @flat "^default"))
    (ternary_expression) @flat
    (binary_expression operator: ["&&" "||"]) @flat`,
  rust: `
    (use_declaration argument: (_) @import)
    [(function_item) (closure_expression)] @function
    [(if_expression) (for_expression) (while_expression) (loop_expression)] @branch
    (match_expression) @nest
    ((match_arm pattern: (match_pattern) @pattern) @flat (#not-eq? @pattern "_"))
    (binary_expression operator: ["&&" "||"]) @flat
    (try_expression) @flat`,
  cpp: `
    (preproc_include path: (_) @import)
    [(function_definition) (lambda_expression)] @function
    [(if_statement) (for_statement) (for_range_loop) (while_statement) (do_statement) (catch_clause)] @branch
    (switch_statement) @nest
    (case_statement value: (_)) @flat
    (conditional_expression) @flat
    (binary_expression operator: ["&&" "||"]) @flat`,
};
