(** A stack; ünïcode so that offsets differ from bytes. *)

open Printf
include Comparable.S

exception Empty of string

type 'a t
type point = { x : float; y : float }
type colour = Red | Green of int

(** How many fit. *)
val limit : int

val push : 'a -> 'a t -> 'a t
external length : 'a t -> int = "stack_length"

module Item : sig
  type t
  val compare : t -> t -> int
end

module type Drawable = sig
  val draw : Item.t -> unit
end

module Make (D : Drawable) : Drawable

class square : object
  inherit Shapes.shape
  method area : float
end
