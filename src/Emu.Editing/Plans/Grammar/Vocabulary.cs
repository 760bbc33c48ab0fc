using System.Collections.Frozen;

namespace Emu.Editing.Plans.Grammar;

/// <summary>The words that name things and actions; wordings are divided by <c>|</c>.</summary>
internal static class Vocabulary
{
    /// <summary>People, in the singular or as they are spoken of.</summary>
    public static FrozenSet<string> Persons { get; } = Nouns(
        "person man guy woman lady girl boy kid child baby toddler dude bloke fella chap gentleman gal lass lad teenager teen adult human friend mom mum mother dad father brother sister son daughter husband "
        + "grandma grandpa grandmother grandfather bride groom model player dancer singer soldier astronaut doctor nurse chef policeman cop clown king queen prince princess athlete runner cyclist rider driver "
        + "pupil professor scientist surgeon pilot sailor captain fireman firefighter policewoman carpenter plumber mechanic painter artist guitarist drummer violinist pianist footballer goalkeeper golfer "
        + "boxer wrestler skier snowboarder climber diver cosmonaut knight viking samurai monk nun priest judge lawyer butler maid tailor baker butcher fisherman hunter gardener nephew niece uncle aunt "
        + "cousin twin granny nana grandchild neighbor guest "
        + "student teacher actor actress musician tourist hiker swimmer surfer skater pirate wizard witch ninja superhero cowboy farmer worker waiter couple family boyfriend girlfriend passenger speaker",
        "people men women firemen fishermen policemen policewomen children wife wives babies ladies families selfie portrait folks");

    /// <summary>Animals.</summary>
    public static FrozenSet<string> Animals { get; } = Nouns(
        "cat kitten tomcat schnauzer poodle labrador retriever terrier spaniel bulldog beagle corgi husky collie dachshund chihuahua pug dalmatian shepherd greyhound rottweiler pomeranian mutt canine feline "
        + "dog doggo doggy pup hound bird parrot owl eagle duck chicken hen rooster swan penguin pigeon "
        + "parakeet budgie canary crow raven hawk falcon vulture stork heron pelican flamingo peacock ostrich turkey robin seagull "
        + "sparrow horse cow bull lamb goat pig piglet rabbit hamster rat bear panda koala lion tiger "
        + "leopard cheetah elephant hippo rhino bison buffalo gazelle antelope lynx panther cougar puma hyena jackal giraffe zebra monkey gorilla chimp "
        + "kangaroo lemur sloth badger skunk ferret weasel porcupine armadillo chipmunk gerbil seal walrus orca shark whale dolphin turtle tortoise frog snake lizard crocodile dinosaur "
        + "bee spider snail octopus squid jellyfish starfish lobster shrimp goldfish salmon trout crab otter squirrel hedgehog "
        + "raccoon beaver camel llama alpaca donkey unicorn pet animal creature dragon",
        "huskies kitty kitties puppy puppies doggies goose geese pony ponies calf calves sheep bunny bunnies mouse mice fox foxes wolf wolves deer moose fish butterfly butterflies ladybug ladybugs");

    /// <summary>Words for whatever the picture shows in front.</summary>
    public static FrozenSet<string> Fronts { get; } = Nouns("subject figure object character protagonist", "foreground");

    /// <summary>Words that are only names of the subject with "in front", "main" or the like.</summary>
    public static FrozenSet<string> Vague { get; } = Nouns("thing item one product motif", "bit stuff");

    /// <summary>What lies behind, as such.</summary>
    public const string Backdrops = "background|backgrounds|backdrop|back drop|back ground|bg|surroundings|scenery|environment|setting|space around|rest|rest of it|everything else|rest of the picture|rest of the photo|rest of the image";

    /// <summary>What the ground often shows: named, it is all that lies behind the subject.</summary>
    public const string Scenery = "sky|skies|clouds|wall|grass|lawn|field|meadow|sea|ocean|water|floor|ground|street|road|snow|sand|forest|mountains|landscape|horizon";

    /// <summary>The picture.</summary>
    public const string Pictures = "picture|photo|image|pic|photograph|shot|snap|snapshot|whole thing|canvas|frame|scene";

    /// <summary>Words for the painted region.</summary>
    public const string Marked = "painted|masked|marked|selected|highlighted|brushed|chosen|outlined|circled";

    /// <summary>Parts of a body or of clothes, on which stickers lie.</summary>
    public const string Parts = "face|shirt|t shirt|chest|nose|cheek|eye|eyes|mouth|ear|neck|belly|tummy|back|shoulder|shoulders|arm|arms|hand|hands|dress|jacket|coat|sweater|jumper|shoe|shoes|leg|legs|body|paw|paws|wrist|finger|lap";

    /// <summary>Where hats go.</summary>
    public const string Heads = "head|heads|hair|cap|hat|skull|noggin|top|beanie|helmet";

    /// <summary>What is worn on the head.</summary>
    public static FrozenSet<string> HeadWear { get; } = Nouns("hat crown cap helmet wig beanie tiara horn turban bonnet sombrero fedora headband hood bow", "horns antlers flowers headphones");

    /// <summary>What is worn elsewhere.</summary>
    public static FrozenSet<string> Wear { get; } = Nouns("mask moustache beard tie scarf necklace badge cape medal monocle bowtie shirt backpack", "sunglasses glasses goggles shades earrings spectacles wings");

    /// <summary>Descriptions that may stand before a name.</summary>
    public static FrozenSet<string> Adjectives { get; } =
        ("cute cool nice lovely pretty beautiful handsome young old little small tiny big large huge giant tall short fat thin fluffy sleepy happy sad funny silly poor whole entire full main black white brown red blue green yellow "
        + "orange pink purple gray ginger blonde blond dark light bald other same very stupid ugly annoying random entire sitting standing smiling running original current actual central principal").Split(' ').ToFrozenSet();

    /// <summary>Words before a name that point at what the picture shows.</summary>
    public static FrozenSet<string> Pointers { get; } = "the my his her its our your their this that these those all both every".Split(' ').ToFrozenSet();

    /// <summary>Words that no name of a thing and no prompt contains.</summary>
    public static FrozenSet<string> Never { get; } =
        ("not no don't doesn't isn't aren't never without except but then than instead \" : please background backdrop bg backgrounds picture photo image pic photograph foreground subject mask masked brighter darker warmer cooler "
        + "contrast saturation brightness make turn change write remove delete erase rotate crop sharpen undo translate upscale").Split(' ').ToFrozenSet();

    /// <summary>Words that cannot stand in the name of a thing.</summary>
    public static FrozenSet<string> Little { get; } =
        ("a an the is are was be look looks like bit lot slightly much more less very too to into by with him her it them me and or from of at on in , . percent degrees up down out off away as for so it's i you we they he she who what where "
        + "bigger smaller larger lighter sharper colder just really quite twice half double little there").Split(' ').ToFrozenSet();

    /// <summary>Effects, which are no things that could be removed.</summary>
    public static FrozenSet<string> Effects { get; } = "noise grain filter effect blur tilt crop color tint tone level dim cut flip mirror zoom warm cool edit undo sharpen".Split(' ').ToFrozenSet();

    /// <summary>Words that begin a clause: what follows a comma or "and" and begins so is a clause of its own.</summary>
    public static FrozenSet<string> Verbs { get; } =
        ("make turn set change paint color dye tint tone recolor put place add give write caption label title sign type print remove delete erase get take cut keep crop trim zoom rotate spin tilt flip mirror straighten level move shift slide "
        + "push nudge center enlarge shrink scale resize blow reduce increase boost lower raise brighten lighten darken dim sharpen blur soften defocus desaturate saturate warm cool heat convert transform replace swap switch use fill cover "
        + "apply draw render sketch posterize pixelate detect find locate segment show isolate extract stick insert throw slap drop teleport transport strip drain isolate photoshop edit undo translate upscale generate save email tell animate "
        + "bring send let leave don't do never outline mask increase lose wipe clean clear eliminate knock hide double halve decrease rub bump crank tune adjust invert pop").Split(' ').ToFrozenSet();

    /// <summary>Whether a noun names a person, an animal, or whatever is in front.</summary>
    public static bool IsSubject(string noun) => Persons.Contains(noun) || Animals.Contains(noun) || Fronts.Contains(noun);

    private static FrozenSet<string> Nouns(string regular, string listed)
    {
        HashSet<string> nouns = [.. listed.Split(' ')];
        foreach (var noun in regular.Split(' '))
        {
            nouns.Add(noun);
            nouns.Add(noun + (noun[^1] is 's' or 'x' || noun.EndsWith("ch", StringComparison.Ordinal) ? "es" : "s"));
        }

        return nouns.ToFrozenSet();
    }
}
