(* A stack; ünïcode so that offsets differ from bytes. *)
open Printf
open! Base.List
include Shapes.Common

module Map = Stdlib.Map.Make (String)

exception Empty of string

(** A name for text. *)
type name = string

type 'a tree =
  | Leaf
  | Node of 'a tree * 'a

type point = { x : float; mutable y : float }

(** What can be drawn. *)
module type Drawable = sig
  type t
  val draw : t -> unit
end

module Stack (Item : Drawable) : sig
  val empty : int list
end = struct
  let empty = []
  let push item stack = item :: stack
end

let limit = 3

(** Adds [item]. *)
let add (item : int) ~label ?(size = limit) items =
  let doubled = List.map (fun x -> x * 2) items in
  printf "größe %s" label;
  doubled @ [item + size]

let rec even n = if n = 0 then true else odd (n - 1)
and odd n = match n with 0 -> false | k -> even (k - 1)

let ( <+> ) a b = a + b

external sin_of : float -> float = "caml_sin"

class virtual shape name = object (self)
  val mutable corners = 0
  method virtual area : float
  method describe = self#print name
  method private print text = printf "%s" text
end

class square = object
  inherit shape "square"
  method area = 4.0
end

let () =
  let shape = new square in
  ignore (add ~label:shape#describe [1]);
  print_endline (string_of_int (even 4 |> Bool.to_int))
