{-# LANGUAGE GADTs #-}
{- | A stack; ünïcode so that offsets differ from bytes. -}
module Data.Möbel
  ( Stack (..)
  , push
  ) where

import Data.List (sortBy, foldl')
import qualified Data.Map.Strict as Map
import Data.Maybe hiding (fromJust)
import Prelude

-- | A name for text.
type Name = String

newtype Wrapper a = Wrapper { unwrap :: a }

-- | Shapes.
data Shape
  = Circle Double
  | Rect { width :: Double, height :: Double }
  deriving (Show, Eq)

data Expr a where
  Lit :: Int -> Expr Int
  Add :: Expr Int -> Expr Int -> Expr Int

-- | What has an area.
class Show a => HasArea a where
  area :: a -> Double
  unit :: a
  area _ = 0

instance HasArea Shape where
  area (Circle r) = pi * r
  area (Rect w h) = w * h

deriving instance Ord Shape

type family Elem c
type instance Elem [e] = e

-- | Puts one on top.
push :: Ord a => a -> [a] -> [a]
push item [] = [item]
push item (x : xs)
  | item > x = item : x : xs
  | otherwise = x : push item xs

composed :: Shape -> Double
composed = negate . area

limit :: Int
limit = 3

total :: [Double] -> Double
total shapes = foldl' step 0 sizes
  where
    sizes = map double shapes
    step acc each = acc + each
    double n = n * 2

(<+>) :: Shape -> Shape -> Double
a <+> b = area a + area b

infixl 6 <+>

main :: IO ()
main = do
  line <- getLine
  let size = Map.size Map.empty
  putStrLn ("größe " ++ show size ++ line)
  mapM_ (\n -> print n) [1, 2]

pattern Pair :: a -> b -> (a, b)
pattern Pair a b = (a, b)
