/** Words that join others and say nothing by themselves, by language; short lists, lower case. */
export const stopWords: { readonly [language: string]: ReadonlySet<string> } = {
  en: words(`a about above after again against all also am an and any are aren't as at be because been before being below between both but by
can can't cannot could couldn't did didn't do does doesn't doing don't down during each else ever every few for from further get gets getting
go goes going got had has have haven't having he her here hers him his how i i'd i'll i'm i've if in into is isn't it it's its just let like
me more most much my no nor not now of off on once one only or other our ours out over own quite really same say said see she should so some
something still such than that that's the their theirs them then there there's these they they're thing things this those though through to
too two under until up us use used using very want wants was wasn't way we we're well were what when where which while who why will with won't
would yes you you're your yours`),
  de: words(`aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin bis bist da damit dann das dass dein deine
dem den denn der des die dies diese diesem diesen dieser dieses doch dort du durch ein eine einem einen einer eines er es etwas euch euer für
gegen gewesen habe haben hat hatte hatten hier hin ich ihm ihn ihnen ihr ihre im in ist ja jede jeder jetzt kann kein keine können könnte mal
man mehr mein meine mich mir mit muss nach nein nicht nichts noch nun nur ob oder ohne schon sehr sein seine sich sie sind so soll sonst über
um und uns unser unter vom von vor war waren was weil wenn wer werden wie wieder will wir wird wo würde zu zum zur zwar`),
};

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/u));
}
