import { toPlainLetters } from './look-alike.ts'

/** Words to the person who decides, by language. What an agent proposes has no reason to speak to them: that is what its own summary is for. */
const patterns: readonly RegExp[] = [
  // English
  /\b(?:pre|already|auto(?:matically)?)[ -]?approved?\b/,
  /\b(?:approved|authori[sz]ed|cleared|verified|reviewed|signed[ -]off|vetted) (?:and \w+ )?by\b/,
  /\b(?:no|without|not?) (?:further |any |need (?:for|of) )?(?:review|approval|check|verification|confirmation)(?: is| are)?(?: needed| required| necessary)?\b/,
  /\b(?:no need|not necessary|unnecessary|don.?t need|needn.?t) to (?:review|check|read|look|verify|worry|inspect)\b/,
  /\b(?:do not|don.?t|please don.?t|never) (?:review|reject|check|verify|worry|inspect|read (?:this|further|on))\b/,
  /\b(?:ignore|disregard|skip|dismiss|overlook) (?:\w+ ){0,3}(?:warnings?|findings?|instructions?|checks?|alerts?|errors?|marks?|notes?|red|diff)\b/,
  /\b(?:click|press|tap|hit|choose|select) (?:on )?(?:the )?.?(?:approve|accept|yes|confirm)\b/,
  /\b(?:please |just |kindly |must |should |safe to |ok to |quickly |now )(?:approve|accept)\b|\bapprove (?:this|it|now|immediately|at once|quickly|asap|without)\b/,
  /\b(?:dear|note to(?: the)?|attention|to the|message for(?: the)?) (?:approver|reviewer|operator|admin(?:istrator)?|human|moderator)\b/,
  /(?:^|[\n.!?;])\s{0,9}[[<(#*_>-]{0,5}\s{0,9}(?:system|assistant|developer|console)(?: message| note)?\s*[\])>]*\s*:/,
  /\b(?:this is )?(?:only|just) a (?:test|drill|simulation|dry run|formality|routine)\b|\broutine (?:change|update|action)\b/,
  /\b(?:urgent|asap|immediately|time[ -]sensitive|before it is too late|last chance)\b.{0,40}\bapprov/,
  /\b(?:the )?(?:security|legal|compliance|finance) (?:team|department) (?:has |have )?(?:already )?(?:approved|signed|checked|confirmed|agreed)\b/,
  /\b(?:your|the) (?:boss|manager|ceo|cto|director) (?:has |have )?(?:already )?(?:approved|asked|agreed|wants|confirmed)\b/,
  // German
  /\b(?:bereits|schon|vorab|automatisch) (?:genehmigt|freigegeben|gepruft|geprueft|geprüft)\b|\b(?:genehmigt|freigegeben) (?:von|durch)\b/,
  /\b(?:keine|ohne) (?:weitere )?(?:prufung|pruefung|prüfung|genehmigung|kontrolle|freigabe)\b|\bbitte (?:sofort )?(?:genehmigen|freigeben|zustimmen)\b/,
  /\b(?:warnung|warnungen|hinweise?|meldung(?:en)?) (?:bitte )?(?:ignorieren|ubergehen|übergehen)\b|\bignorier\w* (?:sie )?(?:die|alle|diese)\b/,
  // French
  /\b(?:deja|déjà|pre|pré)[ -]?(?:approuve|approuvé|valide|validé)e?s?\b|\b(?:approuve|approuvé|valide|validé)e? par\b/,
  /\b(?:inutile|pas besoin|pas necessaire|pas nécessaire) de (?:verifier|vérifier|relire|controler|contrôler)\b|\bignore[zr]? (?:les|cet|cette|ces|tous)\b|\bveuillez (?:approuver|valider|accepter)\b/,
  // Spanish, Portuguese, Italian
  /\b(?:ya|previamente) (?:aprobad[oa]|autorizad[oa]|revisad[oa])\b|\b(?:aprobad|autorizad)[oa] por\b|\bno (?:es necesario|hace falta|necesita) (?:revisar|comprobar|verificar|aprobar|revision|revisión)\b/,
  /\bignor[ae]r? (?:las|los|esta|este|todas|todos|as|os|gli|le|i|tutti|tutte)\b|\bpor favor,? (?:apruebe|aprobar|acepte|aprove|aceite)\b/,
  /\b(?:ja|já|previamente) aprovad[oa]\b|\baprovad[oa] (?:por|pel[oa])\b|\bnao (?:e|é) (?:preciso|necessario)|\bnão (?:é|e) (?:preciso|necessário)\b/,
  /\b(?:gia|già) approvat[oa]\b|\bapprovat[oa] da\b|\bnon (?:serve|occorre|è necessario|e necessario) (?:controllare|verificare|rivedere)\b/,
  // Dutch, Polish, Turkish
  /\b(?:al|reeds|vooraf) goedgekeurd\b|\bgoedgekeurd door\b|\bgeen (?:controle|goedkeuring) nodig\b|\bnegeer (?:de|deze|alle)\b/,
  /\b(?:juz|już|wstępnie|wstepnie) zatwierdzon[eyao]\b|\bzatwierdzon[eyao] przez\b|\b(?:zignoruj|pomin|pomiń)\b/,
  /\b(?:onceden|önceden|zaten) onayland[iı]\b|\btarafından onay|\btarafindan onay|\b(?:incelemeye|kontrole|onaya) gerek yok\b|\buyarıları? (?:yok say|dikkate alma)/,
  // Russian, Ukrainian (no \b: it knows plain letters only)
  /(?:уже|предварительно|вже|попередньо) (?:одобрен|утвержд|согласован|проверен|схвален|затверджен)|(?:одобрено|утверждено|согласовано|схвалено) |не (?:нужно|надо|требуется|треба|потрібно) (?:провер|смотр|чита|перевір)|(?:игнорируй|ігноруй|проигнориру)/,
  // Chinese, Japanese, Korean
  /(?:已经?|預先|预先|自动|自動)(?:批准|審批|审批|核准|通过|通過)|(?:无需|無需|不需要|不用|毋须)(?:再)?(?:审查|審查|审核|審核|检查|檢查|批准|查看)|(?:忽略|无视|無視)(?:所有|以上|此|警告|提示)|请(?:立即|直接|尽快)?批准/,
  /承認済み?|(?:確認|レビュー|審査|承認)(?:は|の必要は?)?(?:不要|必要ありません|いりません)|(?:警告|注意)(?:は|を)無視|承認してください/,
  /(?:이미|사전에?) ?승인|검토(?:할)? ?필요 ?없|경고(?:를|는)? ?무시|승인해 ?주세요/,
  // Arabic, Hebrew, Hindi
  /(?:تمت? الموافقة|معتمد مسبقا|موافق عليه)|(?:لا حاجة|لا داعي) ?(?:إلى|ل)?(?: ?المراجعة|لمراجعة|للمراجعة|لتحقق|للتحقق)|تجاهل (?:التحذير|جميع|هذه|كل)|يرجى الموافقة/,
  /(?:כבר|מראש) ?(?:אושר|מאושר)|אושר על ידי|אין צורך (?:לבדוק|בבדיקה|באישור)|(?:התעלם|התעלמו) |נא לאשר/,
  /(?:पहले से|पूर्व) ?(?:स्वीकृत|अनुमोदित)|(?:समीक्षा|जांच) की (?:ज़रूरत|जरूरत|आवश्यकता) नहीं|(?:चेतावनी|चेतावनियों) को (?:अनदेखा|नज़रअंदाज़)/,
]

/** The first words in a text that speak to whoever decides, as they stand there in plain letters; null when none do. */
export function findPersuasion(text: string): string | null {
  const seen = text.replaceAll(/\p{Cf}+/gu, '').normalize('NFC')
  // Letters with a space, dot or dash between any two of them are still read as a word.
  const joined = seen.replaceAll(/(?<!\p{L})\p{L}(?:[ .*_-]\p{L}){3,}(?!\p{L})/gu, (word) => word.replaceAll(/[ .*_-]/g, ''))
  for (const form of new Set([seen, toPlainLetters(seen), joined, toPlainLetters(joined)])) {
    const lower = form.toLowerCase().replaceAll(/[^\S\n]+/g, ' ')
    for (const pattern of patterns) {
      const match = pattern.exec(lower)
      if (match !== null) return match[0].trim()
    }
  }
  return null
}
