from animals import Animal
from dogs import Dog

dog = Dog("Ada", "Poodle")
assert isinstance(dog, Animal)
assert (dog.name, dog.breed) == ("Ada", "Poodle")
assert dog.describe() == "Ada, a Poodle"
assert Animal("Tom").describe() == "Tom"
